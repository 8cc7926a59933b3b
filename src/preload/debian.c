#include "preload/debian.h"

#include "base/file.h"
#include "base/process.h"
#include "base/progress.h"
#include "base/scratch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ASK_SECONDS 60
#define FETCH_SECONDS 420
#define UNPACK_SECONDS 120
#define PACKAGE_MAX ((unsigned long long)256 << 20) /* octets; that of Debian 12 has 36,792,660 */
#define PATH_SIZE 4096
#define MEMBER "*/SecureLinkFixer/domains.php"

/* -- The installed file -------------------------------------------------------------------------------------------- */

static bool read_installed(preload_debian *d)
{
    static const char *const folders[] = {"extensions", "extensions-core"};

    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        char path[PATH_SIZE];

        snprintf(path, sizeof path, "%s/usr/share/mediawiki/%s/SecureLinkFixer/domains.php", d->root, folders[i]);
        base_buffer_clear(d->text);
        if (base_file_read_by(path, &(base_file_rules){0}, d->text, NULL)) {
            d->tag[0] = '\0';
            snprintf(d->origin, sizeof d->origin, "%.500s", path);
            return true;
        }
    }
    base_buffer_clear(d->text);
    return false;
}

/* -- What the archive has ------------------------------------------------------------------------------------------ */

/* As apt-get tells it: 'URI' FILE SIZE HASH */
typedef struct package {
    char uri[1024];
    char file[256];
    unsigned long long size;
    char hash[200];
} package;

/* apt-get writes the file into the folder where it runs, under a name that comes from the archive. */
static bool is_plain_name(const char *file)
{
    size_t length = strlen(file);

    return strncmp(file, PRELOAD_DEBIAN_PACKAGE "_", strlen(PRELOAD_DEBIAN_PACKAGE "_")) == 0 &&
           strchr(file, '/') == NULL && length > 4 && strcmp(file + length - 4, ".deb") == 0;
}

static bool read_package(const char *line, package *p, base_error *error)
{
    char size[21]; /* as many digits as the largest number has */
    bool is_read = sscanf(line, "'%1023[^']' %255s %20[0-9] %199s", p->uri, p->file, size, p->hash) == 4;

    p->size = is_read ? strtoull(size, NULL, 10) : 0;
    if (!is_read || !is_plain_name(p->file))
        base_error_set(error, "apt-get: it does not say where the package " PRELOAD_DEBIAN_PACKAGE " is");
    else if (p->size > PACKAGE_MAX)
        base_error_set(error, "the package has %llu octets: more than can be believed", p->size);
    else
        return true;
    return false;
}

/* -- The package --------------------------------------------------------------------------------------------------- */

typedef struct fetch {
    char folder[PATH_MAX];
    char path[PATH_MAX + 256];
    package package;
    base_progress progress;
} fetch;

/* Asked in the empty folder, for of a file that is there already apt-get says nothing. */
static bool ask_archive(fetch *f, base_error *error)
{
    static const char *const ask[] = {"apt-get", "download", "--print-uris", "-qq", PRELOAD_DEBIAN_PACKAGE, NULL};
    base_buffer answer;
    bool is_there;

    base_buffer_init(&answer, 65536);
    is_there = base_process_run(
        &(base_process){.commands = {ask, NULL}, .folder = f->folder, .seconds = ASK_SECONDS, .out = &answer}, error);
    is_there = is_there && read_package(base_buffer_string(&answer), &f->package, error);
    base_buffer_done(&answer);
    if (is_there)
        snprintf(f->path, sizeof f->path, "%s/%s", f->folder, f->package.file);
    else
        base_error_wrap(error, "the package " PRELOAD_DEBIAN_PACKAGE " cannot be had (did apt-get update ever run?)");
    return is_there;
}

static void tell_progress(void *self)
{
    fetch *f = self;
    uint64_t all = f->package.size > 0 ? f->package.size : 1;
    struct stat file;

    if (stat(f->path, &file) == 0)
        base_progress_tell(&f->progress, (uint64_t)file.st_size, all, (uint64_t)file.st_size / 1024);
}

/* apt-get holds the package against the digest in the archive's signed index. */
static bool fetch_package(fetch *f, base_error *error)
{
    static const char *const get[] = {"apt-get", "download", "-qq", PRELOAD_DEBIAN_PACKAGE, NULL};
    base_buffer out;
    bool is_there;

    base_buffer_init(&out, 65536);
    base_progress_begin(&f->progress, "fetching");
    f->progress.unit = "KiB";
    is_there = base_process_run(&(base_process){.commands = {get, NULL},
                                                .folder = f->folder,
                                                .seconds = FETCH_SECONDS,
                                                .out = &out,
                                                .tick = tell_progress,
                                                .self = f},
                                error);
    base_progress_end(&f->progress);
    base_buffer_done(&out);
    return is_there;
}

/* The one file alone, and never onto a disk. */
static bool unpack(const fetch *f, base_buffer *text, base_error *error)
{
    const char *const open[] = {"dpkg-deb", "--fsys-tarfile", f->path, NULL};
    static const char *const take[] = {"tar", "--extract", "--to-stdout", "--file=-", "--wildcards", MEMBER, NULL};

    return base_process_run(&(base_process){.commands = {open, take, NULL}, .seconds = UNPACK_SECONDS, .out = text},
                            error);
}

/* -- All of it ----------------------------------------------------------------------------------------------------- */

/* "http://archive.test" of "http://archive.test/debian/pool/..." */
static int host_length(const char *uri)
{
    const char *host = strstr(uri, "://");

    return (int)(host != NULL ? host + 3 - uri + (long)strcspn(host + 3, "/") : (long)strcspn(uri, "/"));
}

static bool take_package(preload_debian *d, fetch *f, base_error *error)
{
    const package *p = &f->package;
    char tag[PRELOAD_DEBIAN_TAG_MAX];
    int host = host_length(p->uri);

    snprintf(tag, sizeof tag, "%s %s", p->file, p->hash);
    snprintf(d->origin, sizeof d->origin, "%s, from %.*s", p->file, host < 200 ? host : 200, p->uri);
    d->unchanged = strcmp(tag, d->tag) == 0;
    memcpy(d->tag, tag, sizeof tag);
    return d->unchanged || (fetch_package(f, error) && unpack(f, d->text, error));
}

static bool get_from_archive(preload_debian *d, base_error *error)
{
    fetch f;
    bool is_there;

    if (!base_scratch_make(f.folder, "holdfast-list", error))
        return false;
    is_there = ask_archive(&f, error) && take_package(d, &f, error);
    base_scratch_remove(f.folder);
    return is_there;
}

bool preload_debian_get(preload_debian *d, base_error *error)
{
    sigset_t before;
    bool is_there;

    d->unchanged = false;
    if (read_installed(d))
        return true;
    if (d->offline) {
        base_error_set(error, "the package " PRELOAD_DEBIAN_PACKAGE " is not installed here");
        return false;
    }
    base_signals_hold(&before);
    is_there = get_from_archive(d, error);
    base_signals_release(&before);
    return is_there;
}
