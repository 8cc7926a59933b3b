#include "stores/file.h"

#include "base/file.h"
#include "stores/way.h"

#include <errno.h>
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

static void take(stores_file *file, int fd, off_t length)
{
    *file = (stores_file){fd, {read_input, file, (uint64_t)length}};
}

bool stores_file_of(stores_file *file, int fd, const char *path, base_error *error)
{
    /* Not fstat, which in a sandbox is a look at any path: all is read and written at places of our own. */
    off_t length = lseek(fd, 0, SEEK_END);

    if (length < 0) {
        base_error_set(error, "%s cannot be examined: %s", BASE_CUT(path), strerror(errno));
        return false;
    }
    take(file, fd, length);
    return true;
}

/* In a home that is not this user's, a file of a third user is none of its stores. */
static base_file_rules rules_of(const stores_way *way)
{
    return (base_file_rules){.folder = way->folder, .owned = way->folder != NULL, .size_max = STORES_OCTETS_MAX};
}

bool stores_file_open(stores_file *file, const stores_store *store, base_error *error)
{
    struct stat status;
    stores_way way;

    if (!stores_way_open(&way, store, error))
        return false;
    const base_file_rules rules = rules_of(&way);
    int fd = base_file_open(way.path, &rules, &status, error);
    if (fd < 0 && way.folder != NULL)
        base_error_wrap(error, "%s", way.folder->path);
    stores_way_close(&way);
    if (fd >= 0)
        take(file, fd, status.st_size);
    return fd >= 0;
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
