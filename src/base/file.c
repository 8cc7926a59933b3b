#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define READ_SIZE 65536

static bool read_all(int fd, const char *name, base_buffer *buffer, base_error *error)
{
    for (;;) {
        char *room = base_buffer_reserve(buffer, READ_SIZE);
        ssize_t got;

        if (room == NULL) {
            base_error_set(error, "%s is larger than %zu octets", name, buffer->max - READ_SIZE);
            return false;
        }
        do {
            got = read(fd, room, READ_SIZE);
        } while (got < 0 && errno == EINTR);
        if (got < 0)
            base_error_set(error, "cannot read %s: %s", name, strerror(errno));
        if (got <= 0)
            return got == 0;
        base_buffer_commit(buffer, (size_t)got);
    }
}

bool base_file_read(const char *path, base_buffer *buffer, base_error *error)
{
    bool is_stdin = strcmp(path, "-") == 0, is_read;
    int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0) {
        base_error_set(error, "cannot open %s: %s", path, strerror(errno));
        return false;
    }
    is_read = read_all(fd, is_stdin ? "standard input" : path, buffer, error);
    if (!is_stdin)
        close(fd);
    return is_read;
}

static bool write_all(int fd, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t done = write(fd, bytes, length);

        if (done < 0 && errno != EINTR)
            return false;
        if (done > 0) {
            bytes += done;
            length -= (size_t)done;
        }
    }
    return true;
}

/* The new file has the rights that a new file gets here: what is replaced this way is no secret. */
static bool write_beside(char *beside, const void *bytes, size_t length)
{
    mode_t mask = umask(0);
    int fd;
    bool is_written;

    umask(mask);
    fd = mkstemp(beside);
    if (fd < 0)
        return false;
    is_written = write_all(fd, bytes, length) && fchmod(fd, 0666 & ~mask) == 0 && fsync(fd) == 0;
    return close(fd) == 0 && is_written;
}

bool base_file_replace(const char *path, const void *bytes, size_t length, base_error *error)
{
    char beside[PATH_MAX];
    bool is_there;

    if (strcmp(path, "-") == 0) {
        is_there = write_all(STDOUT_FILENO, bytes, length);
        if (!is_there)
            base_error_set(error, "cannot write the output: %s", strerror(errno));
        return is_there;
    }
    if ((size_t)snprintf(beside, sizeof beside, "%s.XXXXXX", path) >= sizeof beside) {
        base_error_set(error, "%s: the path is too long", BASE_CUT(path));
        return false;
    }
    is_there = write_beside(beside, bytes, length) && rename(beside, path) == 0;
    if (!is_there) {
        base_error_set(error, "cannot write %s: %s", path, strerror(errno));
        unlink(beside);
    }
    return is_there;
}

bool base_file_make_folders(const char *path, unsigned mode, base_error *error)
{
    char folder[PATH_MAX];
    size_t length = strlen(path);

    if (length >= sizeof folder) {
        base_error_set(error, "%s: the path is too long", BASE_CUT(path));
        return false;
    }
    for (size_t i = 1; i < length; i++) {
        if (path[i] != '/')
            continue;
        memcpy(folder, path, i);
        folder[i] = '\0';
        if (mkdir(folder, (mode_t)mode) != 0 && errno != EEXIST) {
            base_error_set(error, "cannot make the folder %s: %s", folder, strerror(errno));
            return false;
        }
    }
    return true;
}
