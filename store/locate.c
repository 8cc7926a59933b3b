/*
 * Where the file lies, and whether all of the way there may be trusted. The folder is opened one component after
 * another, so that each folder that is checked is the one through which we go on; missing ones are made, and links
 * followed, on the same way.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "store.h"

#ifndef O_PATH
#define O_PATH O_RDONLY
#endif

/* More than the longest row, and what is added before the file is written anew. */
enum { SIZE_OF_ENTRY = 2048, SIZE_MIN = 64 << 20, SIZE_MAX_ENTRIES = 1 << 24, LINKS_MAX = 40 };

/* -- Trust --------------------------------------------------------------------------------------------------------- */

static bool is_ours(uid_t owner)
{
    return owner == geteuid();
}

/*
 * Whoever may rename what is in a folder can put another store in the place of ours: so this holds for each folder on
 * the way. In a sticky one nobody renames what belongs to others.
 */
static hf_status check_folder(const hf_store *store, int file, const char *folder, hf_store_error *error)
{
    struct stat status;

    if (store->io->fstat(file, &status) != 0)
        return hf__fail_system(error, "examine the folder", folder);
    if (!is_ours(status.st_uid) && status.st_uid != 0)
        return hf__fail(
            error, HF_E_STORE_OWNER, 0,
            "the folder %s belongs to user %lu, not to this user (%lu): run as its owner, or name a file elsewhere",
            folder, (unsigned long)status.st_uid, (unsigned long)geteuid());
    bool shared = (status.st_mode & S_IWOTH) != 0 || ((status.st_mode & S_IWGRP) != 0 && status.st_gid != getegid());
    if (shared && (status.st_mode & S_ISVTX) == 0)
        return hf__fail(error, HF_E_STORE_MODE, 0,
                        "others may put files into the folder %s (mode %04o): chmod go-w it, or name a file elsewhere",
                        folder, (unsigned)(status.st_mode & 07777));
    return HF_OK;
}

hf_status hf__place_check_file(const hf_store *store, const struct stat *status, hf_store_error *error)
{
    if (!S_ISREG(status->st_mode))
        return hf__fail(error, HF_E_STORE_TYPE, 0, "%s is not a regular file: name another one", store->path);
    if (!is_ours(status->st_uid) && !(store->options.read_only && status->st_uid == 0))
        return hf__fail(error, HF_E_STORE_OWNER, 0,
                        "%s belongs to user %lu, not to this user (%lu): run as its owner, or chown it", store->path,
                        (unsigned long)status->st_uid, (unsigned long)geteuid());
    if ((status->st_mode & (S_IWGRP | S_IWOTH)) != 0)
        return hf__fail(error, HF_E_STORE_MODE, 0,
                        "%s may be written by others (mode %04o): see whether it is as you left it, then chmod 600 it",
                        store->path, (unsigned)(status->st_mode & 07777));
    if ((uint64_t)status->st_size > hf__place_size_max(store))
        return hf__fail(error, HF_E_STORE_SIZE, 0, "%s is larger than any store of %zu entries: name another file",
                        store->path, store->options.limit);
    return HF_OK;
}

/* A reader may have a lower limit than whoever writes the file. */
uint64_t hf__place_size_max(const hf_store *store)
{
    size_t limit = store->options.limit > HF_HOSTS_LIMIT_DEFAULT ? store->options.limit : HF_HOSTS_LIMIT_DEFAULT;
    uint64_t most = limit < SIZE_MAX_ENTRIES ? (uint64_t)limit * SIZE_OF_ENTRY + SIZE_MIN : HF__SLOTS_OFFSET_MAX;

    return most < HF__SLOTS_OFFSET_MAX ? most : HF__SLOTS_OFFSET_MAX;
}

/* -- The way ------------------------------------------------------------------------------------------------------- */

typedef struct way {
    hf_store *store;
    int folder;          /* the folder so far */
    char path[PATH_MAX]; /* of it, without links; "" for the root */
    char rest[PATH_MAX]; /* what is to come: components without a slash in front */
    unsigned links;      /* followed */
    bool missing;        /* a folder is not there, and is not to be made */
    bool by_link;        /* the file's own name is a link: what it leads to must be there */
    hf_store_error *error;
} way;

static hf_status too_long(const way *w)
{
    errno = ENAMETOOLONG;
    return hf__fail_system(w->error, "follow the path of", w->store->path);
}

static void way_done(way *w)
{
    if (w->folder >= 0)
        w->store->io->close(w->folder);
    w->folder = -1;
}

/* The path of `name` in the folder so far. */
static const char *path_of(const way *w, const char *name, char path[PATH_MAX + NAME_MAX + 2])
{
    snprintf(path, PATH_MAX + NAME_MAX + 2, "%s/%s", w->path, name);
    return path;
}

/* Goes on in the folder `name` of the present one, or at the root. `path` becomes its path. */
static hf_status enter(way *w, int at, const char *name, const char *path)
{
    int file = w->store->io->openat(at, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

    if (file < 0)
        return hf__fail_system(w->error, "open the folder", path);
    way_done(w);
    w->folder = file;
    snprintf(w->path, sizeof w->path, "%s", strcmp(path, "/") == 0 ? "" : path);
    return check_folder(w->store, file, path, w->error);
}

/* Puts what the link leads to in front of the rest. */
static hf_status follow(way *w, const char *name, const char *target)
{
    char path[PATH_MAX + NAME_MAX + 2], rest[2 * PATH_MAX];
    struct stat status;

    path_of(w, name, path);
    errno = ELOOP;
    if (w->store->options.folder > 0)
        return hf__fail_system(w->error, "follow the symbolic link", path);
    if (w->store->io->fstatat(w->folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0)
        return hf__fail_system(w->error, "follow the symbolic link", path);
    if (!is_ours(status.st_uid) && status.st_uid != 0)
        return hf__fail(w->error, HF_E_STORE_OWNER, 0, "%s is a symbolic link of user %lu: name the file itself", path,
                        (unsigned long)status.st_uid);
    errno = ELOOP;
    if (++w->links > LINKS_MAX)
        return hf__fail_system(w->error, "follow the symbolic link", path);
    snprintf(rest, sizeof rest, "%s%s%s", target, w->rest[0] != '\0' ? "/" : "", w->rest);
    if (strlen(rest) >= sizeof w->rest)
        return too_long(w);
    memcpy(w->rest, rest, strlen(rest) + 1);
    return target[0] == '/' ? enter(w, AT_FDCWD, "/", "/") : HF_OK;
}

/* True if `name` is a link, with what it leads to. */
static bool is_link(const way *w, const char *name, char target[PATH_MAX])
{
    ssize_t length = w->store->io->readlinkat(w->folder, name, target, PATH_MAX - 1);

    if (length < 0)
        return false;
    target[length] = '\0';
    return true;
}

/*
 * Nobody else can rename a folder on the way, so the one above is still the one through which we came. Below a folder
 * that was given somebody might.
 */
static hf_status go_up(way *w)
{
    char path[PATH_MAX];
    char *slash = strrchr(w->path, '/');

    errno = EXDEV;
    if (w->store->options.folder > 0)
        return hf__fail_system(w->error, "follow the path of", w->store->path);
    if (slash == NULL)
        return HF_OK;
    snprintf(path, sizeof path, "%.*s", (int)(slash - w->path), w->path);
    return enter(w, w->folder, "..", path[0] != '\0' ? path : "/");
}

static hf_status leads_nowhere(const way *w)
{
    errno = ENOENT;
    return hf__fail_system(w->error, "follow the symbolic link", w->store->path);
}

/* A folder that is not the last component. */
static hf_status step(way *w, const char *name)
{
    char path[PATH_MAX + NAME_MAX + 2], target[PATH_MAX];
    struct stat status;

    if (name[0] == '\0' || strcmp(name, ".") == 0)
        return HF_OK;
    if (strcmp(name, "..") == 0)
        return go_up(w);
    if (is_link(w, name, target))
        return follow(w, name, target);
    if (strlen(path_of(w, name, path)) >= sizeof w->path)
        return too_long(w);
    bool there = w->store->io->fstatat(w->folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 || errno != ENOENT;
    if (!there && w->by_link)
        return leads_nowhere(w);
    w->missing = !there && w->store->options.read_only;
    if (w->missing)
        return HF_OK;
    if (!there && w->store->io->mkdirat(w->folder, name, S_IRWXU) != 0 && errno != EEXIST)
        return hf__fail_system(w->error, "make the folder", path);
    return enter(w, w->folder, name, path);
}

/* Takes the first component off the rest. */
static hf_status take(way *w, char name[NAME_MAX + 1])
{
    const char *from = w->rest + strspn(w->rest, "/");
    size_t length = strcspn(from, "/");

    if (length > NAME_MAX)
        return too_long(w);
    memcpy(name, from, length);
    name[length] = '\0';
    memmove(w->rest, from + length, strlen(from + length) + 1);
    return HF_OK;
}

/*
 * The way begins at the folder that was given, or else at the root, for a relative path too: who can rename the current
 * folder can replace what is in it.
 */
static hf_status begin(way *w)
{
    const char *path = w->store->path;
    char here[PATH_MAX] = "";

    if (w->store->options.folder > 0) {
        snprintf(w->rest, sizeof w->rest, "%s", path);
        return strlen(path) < sizeof w->rest ? enter(w, w->store->options.folder, ".", ".") : too_long(w);
    }
    if (path[0] != '/' && getcwd(here, sizeof here) == NULL)
        return hf__fail_system(w->error, "find the current folder for", path);
    int length = snprintf(w->rest, sizeof w->rest, "%s/%s", here, path);
    if (length < 0 || (size_t)length >= sizeof w->rest)
        return too_long(w);
    return enter(w, AT_FDCWD, "/", "/");
}

/* Up to the last component, which is not a link: `name`. */
static hf_status go(way *w, char name[NAME_MAX + 1])
{
    char target[PATH_MAX];
    struct stat file;
    hf_status status = begin(w);

    while (status == HF_OK && !w->missing) {
        status = take(w, name);
        if (status != HF_OK)
            return status;
        if (w->rest[0] != '\0') {
            status = step(w, name);
        } else if (is_link(w, name, target)) {
            w->by_link = true;
            status = follow(w, name, target);
        } else {
            bool gone = w->by_link && w->store->io->fstatat(w->folder, name, &file, AT_SYMLINK_NOFOLLOW) != 0;
            return gone ? leads_nowhere(w) : HF_OK;
        }
    }
    return status;
}

/* -- The folder ---------------------------------------------------------------------------------------------------- */

static hf_status set_path(hf_store *store, char *path)
{
    if (path == NULL)
        return HF_E_MEMORY;
    free(store->path);
    store->path = path;
    char *slash = strrchr(path, '/');
    store->name = slash != NULL ? slash + 1 : path;
    return HF_OK;
}

static bool can_be_file(const char *name)
{
    return name[0] != '\0' && strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}

/* The folder is opened once more, to be read and brought to the disk. */
static hf_status arrive(way *w, const char *name)
{
    char path[PATH_MAX + NAME_MAX + 2];

    if (!can_be_file(name))
        return hf__fail(w->error, HF_E_STORE_TYPE, 0, "%s is a folder: name a file in it", w->store->path);
    int file = w->store->io->openat(w->folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file < 0)
        return hf__fail_system(w->error, "open the folder", w->path);
    hf_status status = set_path(w->store, strdup(path_of(w, name, path)));
    if (status == HF_OK)
        w->store->folder = file;
    else
        w->store->io->close(file);
    return status;
}

hf_status hf__place_open(hf_store *store, hf_store_error *error)
{
    way w = {.store = store, .folder = -1, .error = error};
    char name[NAME_MAX + 1] = "";
    hf_status status = HF_OK;

    if (store->path == NULL)
        status = set_path(store, strdup(store->options.path));
    if (status == HF_OK && !can_be_file(store->name))
        status = hf__fail(error, HF_E_STORE_TYPE, 0, "%s is a folder: name a file in it", store->path);
    if (status == HF_OK)
        status = go(&w, name);
    if (status == HF_OK && !w.missing)
        status = arrive(&w, name);
    way_done(&w);
    return status;
}
