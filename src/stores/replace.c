#include "stores/replace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define BACKUPS_MAX 1000

static bool refuse(base_error *error, const char *path, const char *what)
{
    base_error_set(error, "%s %s: %s", path, what, strerror(errno));
    return false;
}

/* The file that a symbolic link leads to is replaced, not the link; of a new file the folder must be there. */
static bool resolve(stores_replacement *r, const char *path, base_error *error)
{
    char *real = realpath(path, NULL);

    if (real == NULL && errno != ENOENT)
        return refuse(error, path, "cannot be found");
    r->is_new = real == NULL;
    r->path = base_arena_string(&r->arena, real != NULL ? real : path);
    free(real);
    return true;
}

static bool no_input(void *self, uint64_t offset, char *buffer, size_t capacity, size_t *length)
{
    (void)self;
    (void)offset;
    (void)buffer;
    (void)capacity;
    *length = 0;
    return true;
}

static bool open_old(stores_replacement *r, base_error *error)
{
    if (r->is_new) {
        r->old = (stores_file){-1, {no_input, NULL, 0}};
        return true;
    }
    r->old_fd = open(r->path, O_RDWR | O_CLOEXEC | O_NONBLOCK);
    if (r->old_fd < 0)
        return refuse(error, r->path, "cannot be opened for writing");
    if (!stores_file_of(&r->old, r->old_fd, r->path, error))
        return false;
    if (fstat(r->old_fd, &r->status) != 0)
        return refuse(error, r->path, "cannot be looked at");
    if (flock(r->old_fd, LOCK_EX | LOCK_NB) != 0) {
        base_error_set(error, "%s is locked by another program: try again when that is done", r->path);
        return false;
    }
    return true;
}

static bool make_new(stores_replacement *r, base_error *error)
{
    char *name = base_arena_format(&r->arena, "%s.XXXXXX", r->path);

    r->fd = mkstemp(name);
    if (r->fd < 0)
        return refuse(error, r->path, "cannot get a new file beside it");
    r->temporary = name;
    fcntl(r->fd, F_SETFD, FD_CLOEXEC);
    if (r->is_new)
        return true;
    if ((r->status.st_uid != geteuid() || r->status.st_gid != getegid()) &&
        fchown(r->fd, r->status.st_uid, r->status.st_gid) != 0)
        return refuse(error, r->path, "belongs to somebody else, and its owner could not be kept");
    if (fchmod(r->fd, r->status.st_mode & 07777) != 0)
        return refuse(error, r->path, "has a mode that could not be kept");
    return true;
}

bool stores_replace_begin(stores_replacement *r, const char *path, base_error *error)
{
    *r = (stores_replacement){.old_fd = -1, .fd = -1};
    if (resolve(r, path, error) && open_old(r, error) && make_new(r, error))
        return true;
    stores_replace_done(r);
    return false;
}

/* -- The backup ---------------------------------------------------------------------------------------------------- */

static bool copy_to(const stores_replacement *r, const char *name)
{
    hf_output output;
    char piece[65536];
    size_t length;
    uint64_t at = 0;
    int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool copied = fd >= 0 && fchmod(fd, r->status.st_mode & 07777) == 0;

    output = stores_output_to(&fd);
    while (copied && at < r->old.input.length) {
        copied = r->old.input.read(r->old.input.self, at, piece, sizeof piece, &length) && length > 0 &&
                 output.write(output.self, at, piece, length);
        at += length;
    }
    copied = copied && fsync(fd) == 0;
    int reason = errno;
    if (fd >= 0)
        close(fd);
    if (fd >= 0 && !copied)
        unlink(name);
    errno = reason;
    return copied;
}

/*
 * A second name for the old file where the file system knows such things: nothing is copied, nothing can be cut
 * short.
 */
static bool keep_old(stores_replacement *r, base_error *error)
{
    for (unsigned i = 1; i <= BACKUPS_MAX; i++) {
        const char *name = i == 1 ? base_arena_format(&r->arena, "%s.holdfast-backup", r->path)
                                  : base_arena_format(&r->arena, "%s.holdfast-backup.%u", r->path, i);
        bool kept = link(r->path, name) == 0;
        if (!kept && errno != EEXIST)
            kept = copy_to(r, name);
        if (kept) {
            r->backup = name;
            return true;
        }
        if (errno != EEXIST)
            return refuse(error, name, "cannot be written");
    }
    base_error_set(error, "%s has %d backups: remove some", r->path, BACKUPS_MAX);
    return false;
}

static bool is_unchanged(const stores_replacement *r)
{
    struct stat now;

    if (stat(r->path, &now) != 0)
        return r->is_new && errno == ENOENT;
    return !r->is_new && now.st_ino == r->status.st_ino && now.st_dev == r->status.st_dev &&
           now.st_size == r->status.st_size && now.st_mtim.tv_sec == r->status.st_mtim.tv_sec &&
           now.st_mtim.tv_nsec == r->status.st_mtim.tv_nsec;
}

static void sync_folder(stores_replacement *r)
{
    char *folder = base_arena_string(&r->arena, r->path);
    char *slash = strrchr(folder, '/');

    if (slash != NULL)
        slash[slash == folder] = '\0';
    int fd = open(slash != NULL ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return;
    fsync(fd);
    close(fd);
}

static void drop_backup(stores_replacement *r)
{
    if (r->backup != NULL)
        unlink(r->backup);
    r->backup = NULL;
}

bool stores_replace_commit(stores_replacement *r, base_error *error)
{
    if (fsync(r->fd) != 0)
        return refuse(error, r->temporary, "cannot be brought to the disk");
    if (!r->is_new && !keep_old(r, error))
        return false;
    if (!is_unchanged(r)) {
        drop_backup(r);
        base_error_set(error, "%s was changed by another program meanwhile: nothing was written; try again", r->path);
        return false;
    }
    if (rename(r->temporary, r->path) != 0) {
        refuse(error, r->path, "cannot be replaced");
        drop_backup(r);
        return false;
    }
    r->temporary = NULL;
    sync_folder(r);
    return true;
}

void stores_replace_done(stores_replacement *r)
{
    if (r->temporary != NULL)
        unlink(r->temporary);
    if (r->fd >= 0)
        close(r->fd);
    if (r->old_fd >= 0)
        close(r->old_fd);
    base_arena_done(&r->arena);
    *r = (stores_replacement){.old_fd = -1, .fd = -1};
}
