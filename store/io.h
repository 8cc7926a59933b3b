/*
 * What the store asks of the operating system, as one table with the meanings of POSIX. Tests stand in its place: calls
 * that fail or stop half way, a recorder of what a power cut may leave, a file that is a piece of memory.
 */
#ifndef HF_STORE_IO_H
#define HF_STORE_IO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

typedef struct hf__io {
    int (*openat)(int folder, const char *name, int flags, ...);
    int (*close)(int file);
    ssize_t (*pread)(int file, void *out, size_t size, off_t offset);
    ssize_t (*pwrite)(int file, const void *data, size_t size, off_t offset);
    int (*ftruncate)(int file, off_t size);
    int (*fsync)(int file);
    int (*flock)(int file, int operation);
    int (*fstat)(int file, struct stat *status);
    int (*fstatat)(int folder, const char *name, struct stat *status, int flags);
    int (*fchmod)(int file, mode_t mode);
    int (*fchown)(int file, uid_t owner, gid_t group);
    int (*linkat)(int from_folder, const char *from, int to_folder, const char *to, int flags);
    int (*renameat)(int from_folder, const char *from, int to_folder, const char *to);
    int (*unlinkat)(int folder, const char *name, int flags);
    int (*mkdirat)(int folder, const char *name, mode_t mode);
    ssize_t (*readlinkat)(int folder, const char *name, char *out, size_t size);
    /* For deadlines alone: milliseconds since some moment, and never set back. */
    int64_t (*clock)(void);
    void (*sleep)(long microseconds);
} hf__io;

extern const hf__io hf__io_posix;

/*
 * Each of these goes on after EINTR and after a part was done. False with errno when it cannot be finished. hf__read_at
 * stops at the end of the file: *got says how much there was.
 */
bool hf__read_at(const hf__io *io, int file, void *out, size_t size, uint64_t offset, size_t *got);
bool hf__write_at(const hf__io *io, int file, const void *data, size_t size, uint64_t offset);
bool hf__truncate(const hf__io *io, int file, uint64_t size);
bool hf__sync(const hf__io *io, int file);
/* A folder: some file systems know no such thing as keeping one, and say so (EINVAL); then there is nothing to be done.
 */
bool hf__sync_folder(const hf__io *io, int folder);

#endif
