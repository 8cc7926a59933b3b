#include "io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

const hf__io hf__io_posix = {
    .openat = openat,
    .close = close,
    .pread = pread,
    .pwrite = pwrite,
    .ftruncate = ftruncate,
    .fsync = fsync,
    .flock = flock,
    .fstat = fstat,
    .fstatat = fstatat,
    .fchmod = fchmod,
    .fchown = fchown,
    .linkat = linkat,
    .renameat = renameat,
    .unlinkat = unlinkat,
};

bool hf__read_at(const hf__io *io, int file, void *out, size_t size, uint64_t offset, size_t *got)
{
    *got = 0;
    while (*got < size) {
        ssize_t n = io->pread(file, (char *)out + *got, size - *got, (off_t)(offset + *got));
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n == 0;
        *got += (size_t)n;
    }
    return true;
}

bool hf__write_at(const hf__io *io, int file, const void *data, size_t size, uint64_t offset)
{
    for (size_t done = 0; done < size;) {
        ssize_t n = io->pwrite(file, (const char *)data + done, size - done, (off_t)(offset + done));
        if (n < 0 && errno == EINTR)
            continue;
        if (n == 0)
            errno = EIO;
        if (n <= 0)
            return false;
        done += (size_t)n;
    }
    return true;
}

bool hf__truncate(const hf__io *io, int file, uint64_t size)
{
    int result;
    do
        result = io->ftruncate(file, (off_t)size);
    while (result != 0 && errno == EINTR);
    return result == 0;
}

bool hf__lock(const hf__io *io, int file, int operation)
{
    int result;
    do
        result = io->flock(file, operation);
    while (result != 0 && errno == EINTR);
    return result == 0;
}

bool hf__sync(const hf__io *io, int file)
{
    int result;
    do
        result = io->fsync(file);
    while (result != 0 && errno == EINTR);
    return result == 0;
}

bool hf__sync_folder(const hf__io *io, int folder)
{
    return hf__sync(io, folder) || errno == EINVAL;
}
