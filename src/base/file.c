#include "base/file.h"

#include "base/fifo.h"
#include "base/named.h"
#include "base/replace.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define READ_SIZE 65536

static const char *const standard_input = "standard input";

/* -- Opening ------------------------------------------------------------------------------------------------------- */

static int refuse(int fd, const char *path, const char *why, base_error *error)
{
    base_error_set(error, "%s %s", BASE_CUT(path), why);
    close(fd);
    errno = EPERM;
    return -1;
}

/* Without O_NONBLOCK a pipe would be waited for until somebody writes to it. */
static int open_by(const char *path, const base_file_rules *rules)
{
    int flags = O_RDONLY | O_NOCTTY | O_CLOEXEC | O_NONBLOCK | (rules->no_links ? O_NOFOLLOW : 0);

    return rules->folder != NULL ? base_folder_openat(rules->folder, path, flags, 0)
                                 : base_named_open(AT_FDCWD, path, flags, 0);
}

const char *base_file_reason(int reason)
{
    return reason == EXDEV     ? "it leads out of its folder"
           : reason == ELOOP   ? "it is a symbolic link, which is not followed here"
           : reason == ENOLINK ? "a symbolic link on the way belongs to another user and is not followed"
                               : strerror(reason);
}

static int fail_to_open(const char *path, base_error *error)
{
    int reason = errno;

    base_error_set(error, "cannot open %s: %s", BASE_CUT(path), base_file_reason(reason));
    errno = reason;
    return -1;
}

static int refuse_kind(int fd, const char *path, bool is_folder, base_error *error)
{
    refuse(fd, path, is_folder ? "is a folder" : "is not a regular file", error);
    errno = is_folder ? EISDIR : EPERM;
    return -1;
}

static bool is_owned(const struct stat *status, const base_file_rules *rules)
{
    uid_t owner = rules->folder != NULL ? rules->folder->owner : geteuid();

    return status->st_uid == owner || status->st_uid == 0;
}

/* A descriptor of ours has its other end already, or is at its end. */
static bool prepare_stream(int fd, const char *path, mode_t mode, base_error *error)
{
    if (S_ISFIFO(mode) && base_file_descriptor_of(path) < 0 && !base_fifo_await_writer(fd, path, error))
        return false;
    if (base_fifo_wait_from_now_on(fd))
        return true;
    base_error_set(error, "cannot open %s: %s", BASE_CUT(path), strerror(errno));
    return false;
}

int base_file_open(const char *path, const base_file_rules *rules, struct stat *status, base_error *error)
{
    int fd = open_by(path, rules);
    struct stat is;

    if (fd < 0)
        return fail_to_open(path, error);
    if (fstat(fd, &is) != 0)
        return refuse(fd, path, "cannot be examined", error);
    if (S_ISDIR(is.st_mode) || (!S_ISREG(is.st_mode) && !rules->streams))
        return refuse_kind(fd, path, S_ISDIR(is.st_mode), error);
    if (rules->owned && !is_owned(&is, rules))
        return refuse(fd, path, "belongs to another user", error);
    if (rules->size_max > 0 && S_ISREG(is.st_mode) && (uint64_t)is.st_size > rules->size_max) {
        base_error_set(error, "%s is larger than %" PRIu64 " bytes", BASE_CUT(path), rules->size_max);
        close(fd);
        errno = EFBIG;
        return -1;
    }
    if ((rules->claims != NULL && !base_claims_add(rules->claims, fd, path, rules->purpose, false, error)) ||
        (rules->streams && !prepare_stream(fd, path, is.st_mode, error))) {
        close(fd);
        return -1;
    }
    if (status != NULL)
        *status = is;
    return fd;
}

/* -- Reading ------------------------------------------------------------------------------------------------------- */

static bool read_all(int fd, const char *name, base_buffer *buffer, base_error *error)
{
    for (;;) {
        char *room = base_buffer_reserve(buffer, READ_SIZE);
        ssize_t got;

        if (room == NULL) {
            base_error_set(error, "%s is larger than %zu bytes", BASE_CUT(name), buffer->max - READ_SIZE);
            errno = EFBIG;
            return false;
        }
        do {
            got = read(fd, room, READ_SIZE);
        } while (got < 0 && errno == EINTR);
        if (got < 0)
            base_error_set(error, "cannot read %s: %s", BASE_CUT(name), strerror(errno));
        if (got <= 0)
            return got == 0;
        base_buffer_commit(buffer, (size_t)got);
    }
}

bool base_file_read_by(const char *path, const base_file_rules *rules, base_buffer *buffer, base_error *error)
{
    int fd = base_file_open(path, rules, NULL, error);
    bool is_read = fd >= 0 && read_all(fd, path, buffer, error);

    if (fd >= 0)
        close(fd);
    return is_read;
}

bool base_file_read(const char *path, base_buffer *buffer, base_error *error)
{
    if (strcmp(path, "-") == 0)
        return read_all(STDIN_FILENO, standard_input, buffer, error);
    return base_file_read_by(path, &(base_file_rules){.streams = true}, buffer, error);
}

/* -- Writing ------------------------------------------------------------------------------------------------------- */

bool base_file_write_all(int fd, const void *bytes, size_t length)
{
    const char *from = bytes;

    while (length > 0) {
        ssize_t done = write(fd, from, length);

        if (done < 0 && errno != EINTR)
            return false;
        if (done > 0) {
            from += done;
            length -= (size_t)done;
        }
    }
    return true;
}

int base_file_descriptor_of(const char *path)
{
    static const char *const folders[] = {"/dev/fd/", "/proc/self/fd/"};
    static const char *const names[] = {"/dev/stdin", "/dev/stdout", "/dev/stderr"};
    int fd = -1;

    for (int i = STDIN_FILENO; i <= STDERR_FILENO; i++)
        fd = strcmp(path, names[i]) == 0 ? i : fd;
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        size_t length = strlen(folders[i]);
        if (strncmp(path, folders[i], length) == 0 && path[length] != '\0' &&
            strspn(path + length, "0123456789") == strlen(path + length) && strlen(path + length) < 6)
            fd = (int)strtol(path + length, NULL, 10);
    }
    return fd >= 0 && fcntl(fd, F_GETFD) >= 0 ? fd : -1;
}

/* Not emptied yet: that waits until the file has been checked. A pipe that comes in between is not waited for. */
static int open_output(const char *path, const base_output_rules *rules, int access)
{
    int flags = access | O_CREAT | O_NOCTTY | O_CLOEXEC | O_NONBLOCK | (rules->no_links ? O_NOFOLLOW : 0);
    mode_t mode = rules->mode != 0 ? rules->mode : 0666;

    return rules->folder != NULL ? base_folder_openat(rules->folder, path, flags, mode)
                                 : base_named_open(AT_FDCWD, path, flags, mode);
}

static bool check_output(int fd, const char *path, const base_output_rules *rules, bool is_given, base_error *error)
{
    struct stat status;

    if (fstat(fd, &status) != 0) {
        base_error_set(error, "cannot open %s: %s", BASE_CUT(path), strerror(errno));
        return false;
    }
    if (!S_ISREG(status.st_mode) && rules->regular) {
        base_error_set(error, "%s is not a regular file", BASE_CUT(path));
        return false;
    }
    if (rules->claims != NULL && !base_claims_add(rules->claims, fd, path, rules->purpose, true, error))
        return false;
    if (rules->keep || is_given || !S_ISREG(status.st_mode) || ftruncate(fd, 0) == 0)
        return true;
    base_error_set(error, "cannot empty %s: %s", BASE_CUT(path), strerror(errno));
    return false;
}

static int open_pipe(const char *path, const base_output_rules *rules, base_error *error)
{
    base_place place;
    int fd;

    if (!base_place_find(&place, path, NULL, rules->no_links, error))
        return -1;
    fd = base_fifo_open_writer(place.folder, place.name, O_NOFOLLOW, path, error);
    base_place_done(&place);
    return fd;
}

/* A pipe is open for one of the two: who reads from it too takes what is written, and it is lost. */
static int open_either(const char *path, const base_output_rules *rules, base_error *error)
{
    struct stat is;
    int fd;

    if (rules->folder == NULL && !rules->regular && stat(path, &is) == 0 && S_ISFIFO(is.st_mode))
        return open_pipe(path, rules, error);
    fd = open_output(path, rules, rules->reads ? O_RDWR : O_WRONLY);
    if (fd < 0 && rules->reads && errno == EACCES)
        fd = open_output(path, rules, O_WRONLY);
    if (fd < 0)
        return fail_to_open(path, error);
    if (fstat(fd, &is) == 0 && !(rules->reads && S_ISFIFO(is.st_mode)) && base_fifo_wait_from_now_on(fd))
        return fd;
    return refuse(fd, path, "is not a regular file", error);
}

int base_file_output(const char *path, const base_output_rules *rules, base_error *error)
{
    int given = rules->folder == NULL ? base_file_descriptor_of(path) : -1;
    int fd = given >= 0 ? fcntl(given, F_DUPFD_CLOEXEC, 0) : open_either(path, rules, error);

    if (fd < 0)
        return given >= 0 ? fail_to_open(path, error) : -1;
    if (check_output(fd, path, rules, given >= 0, error))
        return fd;
    close(fd);
    return -1;
}

bool base_file_replace_by(const char *path, const void *bytes, size_t length, const base_replace_rules *rules,
                          base_error *error)
{
    base_replacement r;
    bool is_there;

    if (!base_replace_begin(&r, path, rules, error))
        return false;
    is_there = base_file_write_all(r.fd, bytes, length);
    if (!is_there)
        base_error_set(error, "cannot write %s: %s", BASE_CUT(path), strerror(errno));
    is_there = is_there && base_replace_commit(&r, error);
    base_replace_done(&r);
    return is_there;
}

bool base_file_replace(const char *path, const void *bytes, size_t length, base_error *error)
{
    if (strcmp(path, "-") != 0)
        return base_file_replace_by(path, bytes, length, &(base_replace_rules){.streams = true, .last_wins = true},
                                    error);
    if (base_file_write_all(STDOUT_FILENO, bytes, length))
        return true;
    base_error_set(error, "cannot write the output: %s", strerror(errno));
    return false;
}

void base_file_remove(const char *path)
{
    (void)unlink(path);
}

bool base_file_is_same(const char *one, const char *other)
{
    struct stat a, b;

    return stat(one, &a) == 0 && stat(other, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

static bool resolve(const char *path, char real[PATH_MAX])
{
    char *found = realpath(path, NULL);
    bool fits = found != NULL && (size_t)snprintf(real, PATH_MAX, "%s", found) < PATH_MAX;

    free(found);
    return fits;
}

void base_file_real_path(const char *path, char real[PATH_MAX])
{
    const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path;
    char folder[PATH_MAX];

    if (resolve(path, real))
        return;
    snprintf(folder, sizeof folder, "%.*s", (int)(name - path), path);
    if (resolve(name > path ? folder : ".", real) && strlen(real) + strlen(name) + 2 <= PATH_MAX) {
        size_t length = strlen(real);

        snprintf(real + length, PATH_MAX - length, "/%s", name);
        return;
    }
    snprintf(real, PATH_MAX, "%s", path);
}

bool base_file_make_folders(const char *path, unsigned mode, base_error *error)
{
    return base_folder_make(path, (mode_t)mode, error);
}
