/*
 * base/file.h: the one way in which files are opened, read and written in place. base/replace.h puts a new file in the
 * place of an old one, base/claims.h sees to it that a run does not write to what it reads.
 *
 * What every call here keeps to: the descriptor is closed on exec; unless the caller says otherwise only a regular file
 * is taken, and a pipe, a socket or a device is refused at once; no pipe is waited for without an end (base/fifo.h);
 * below a folder nothing outside of it is opened (base/folder.h); on an ordinary path no symbolic link of another user
 * is followed (base/named.h); a file is truncated only after it has been checked.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/buffer.h"
#include "base/claims.h"
#include "base/folder.h"

#include <stdint.h>
#include <sys/stat.h>

/* What may be opened for reading. All zero: a regular file of any length, by an ordinary path. */
typedef struct base_file_rules {
    const base_folder *folder; /* the path counts from here, and may not lead out; NULL: an ordinary path */
    bool no_links;             /* the last component may not be a symbolic link */
    bool streams;              /* pipes (base/fifo.h) and devices too: the user named it */
    bool owned;                /* only a file of the folder's owner (without a folder: of this user), or of root */
    uint64_t size_max;         /* a longer regular file is refused; 0: the caller bounds what is read */
    base_claims *claims;       /* the file is claimed for reading, as `purpose`; NULL: it is not */
    const char *purpose;       /* "the list" */
} base_file_rules;

/*
 * A descriptor for reading, and *status (may be NULL) of it. -1, with the reason, when the rules refuse the file; errno
 * is then ENOENT or ENOTDIR if it is not there, EISDIR for a folder, and that of the system for what it refused.
 */
int base_file_open(const char *path, const base_file_rules *rules, struct stat *status, base_error *error);

/* Why a path could not be opened, in words that go behind "cannot open X: ", for that errno. */
const char *base_file_reason(int reason);

/* Appends the whole file to `buffer`, whose maximum bounds it. */
bool base_file_read_by(const char *path, const base_file_rules *rules, base_buffer *buffer, base_error *error);

/* The same for what a user named: "-" is standard input, and pipes and devices are read until the buffer is full. */
bool base_file_read(const char *path, base_buffer *buffer, base_error *error);

/* What may be opened for writing in place. All zero: a file of any kind, emptied, made with mode 0666 less the umask.
 */
typedef struct base_output_rules {
    const base_folder *folder;
    bool no_links;
    bool regular;        /* pipes, sockets and devices are refused */
    bool keep;           /* what the file holds stays */
    bool reads;          /* the descriptor can be read from too, where the file allows that */
    mode_t mode;         /* of a new file, less the umask; 0: 0666 */
    base_claims *claims; /* the file is claimed for writing before it is emptied; NULL: it is not */
    const char *purpose;
} base_output_rules;

/*
 * A descriptor for writing. A pipe (base/fifo.h) or device is written to and never replaced. -1, with the reason; then
 * an existing file is as it was.
 */
int base_file_output(const char *path, const base_output_rules *rules, base_error *error);

/*
 * The descriptor that /dev/stdin, /dev/stdout, /dev/stderr, /dev/fd/N or /proc/self/fd/N names, if it is open; else -1.
 * It is written to as it stands: what the path leads to could be another file, or none any more.
 */
int base_file_descriptor_of(const char *path);

/* True if both lead to the same file, links followed. */
bool base_file_is_same(const char *one, const char *other);

/*
 * Where the path leads to, or its folder does if there is no such file: to be told and compared, never to be opened.
 * `path` itself if it leads nowhere.
 */
void base_file_real_path(const char *path, char real[PATH_MAX]);

/* Writes all of it, going on after EINTR and after a part. False with errno. */
bool base_file_write_all(int fd, const void *bytes, size_t length);

/*
 * Replaces the whole file in one step (base/replace.h), with the old one's mode and owner: who reads `path` sees the
 * old octets or the new ones, whole, and on any failure the old file stays. "-" is standard output; a pipe or device is
 * written to.
 */
bool base_file_replace(const char *path, const void *bytes, size_t length, base_error *error);

/* The same by rules (base/replace.h), and never to standard output. */
struct base_replace_rules;
bool base_file_replace_by(const char *path, const void *bytes, size_t length, const struct base_replace_rules *rules,
                          base_error *error);

/* Removes a file of this program's own making, if it is there. */
void base_file_remove(const char *path);

/* Makes the folders that lead to `path`, as base_folder_make. */
bool base_file_make_folders(const char *path, unsigned mode, base_error *error);

#endif
