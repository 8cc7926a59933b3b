#include "io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

static int64_t monotonic_clock(void)
{
    struct timespec now;

    return clock_gettime(CLOCK_MONOTONIC, &now) == 0 ? (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000 : 0;
}

static void sleep_microseconds(long microseconds)
{
    struct timespec time = {microseconds / 1000000, microseconds % 1000000 * 1000};

    (void)nanosleep(&time, NULL);
}

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
    .mkdirat = mkdirat,
    .readlinkat = readlinkat,
    .clock = monotonic_clock,
    .sleep = sleep_microseconds,
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
