#include "stores/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool read_at(int fd, uint64_t offset, char *buffer, size_t capacity, size_t *length)
{
    size_t have = 0;

    while (have < capacity) {
        ssize_t got = pread(fd, buffer + have, capacity - have, (off_t)(offset + have));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return false;
        if (got == 0)
            break;
        have += (size_t)got;
    }
    *length = have;
    return true;
}

static bool read_input(void *self, uint64_t offset, char *buffer, size_t capacity, size_t *length)
{
    const stores_file *file = self;

    return read_at(file->fd, offset, buffer, capacity, length);
}

bool stores_file_of(stores_file *file, int fd, const char *path, base_error *error)
{
    struct stat status;

    if (fstat(fd, &status) != 0) {
        base_error_set(error, "%s cannot be looked at: %s", path, strerror(errno));
        return false;
    }
    if (!S_ISREG(status.st_mode)) {
        base_error_set(error, "%s is no regular file", path);
        return false;
    }
    *file = (stores_file){fd, {read_input, file, (uint64_t)status.st_size}};
    return true;
}

bool stores_file_open(stores_file *file, const char *path, base_error *error)
{
    /* A pipe would be waited for: O_NONBLOCK lets fstat say what it is. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

    if (fd < 0) {
        base_error_set(error, "%s cannot be opened: %s", path, strerror(errno));
        return false;
    }
    if (stores_file_of(file, fd, path, error))
        return true;
    close(fd);
    return false;
}

void stores_file_close(stores_file *file)
{
    close(file->fd);
}

static bool write_output(void *self, uint64_t offset, const char *data, size_t length)
{
    const int *fd = self;

    while (length > 0) {
        ssize_t put = pwrite(*fd, data, length, (off_t)offset);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return false;
        data += put;
        offset += (uint64_t)put;
        length -= (size_t)put;
    }
    return true;
}

static bool read_output(void *self, uint64_t offset, char *buffer, size_t capacity, size_t *length)
{
    const int *fd = self;

    return read_at(*fd, offset, buffer, capacity, length);
}

static bool truncate_output(void *self, uint64_t length)
{
    const int *fd = self;

    return ftruncate(*fd, (off_t)length) == 0;
}

hf_output stores_output_to(int *fd)
{
    return (hf_output){write_output, read_output, truncate_output, fd};
}
