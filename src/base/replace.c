#include "base/replace.h"

#include "base/fifo.h"
#include "base/file.h"
#include "base/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#define KEPT_MAX 1000
#define NAMES_TRIED 100
#define PIECE 16384

static bool refuse(const base_replacement *r, const char *what, base_error *error)
{
    base_error_set(error, "%s %s: %s", BASE_CUT(r->path), what, strerror(errno));
    return false;
}

static bool refuse_because(const base_replacement *r, const char *why, base_error *error)
{
    base_error_set(error, "%s %s", BASE_CUT(r->path), why);
    return false;
}

/* -- The old file -------------------------------------------------------------------------------------------------- */

static bool check_folder(const base_replacement *r, base_error *error)
{
    struct stat status;

    if (fstat(r->place.folder, &status) != 0)
        return refuse(r, "has a folder that cannot be examined", error);
    if (status.st_uid == geteuid() || status.st_uid == 0)
        return true;
    return refuse_because(r, "is in a folder of another user: run as that user, or name another file", error);
}

static bool open_stream(base_replacement *r, const base_replace_rules *rules, base_error *error)
{
    if (!rules->streams)
        return refuse_because(r, "is not a regular file", error);
    r->is_stream = true;
    if (S_ISFIFO(r->status.st_mode)) {
        r->fd = base_fifo_open_writer(r->place.folder, r->place.name, O_NOFOLLOW, r->path, error);
        return r->fd >= 0;
    }
    r->fd = openat(r->place.folder, r->place.name, O_WRONLY | O_NOCTTY | O_CLOEXEC | O_NOFOLLOW);
    return r->fd >= 0 || refuse(r, "cannot be opened for writing", error);
}

/* A device is not even opened unless it is to be written to: with some that does something. */
static bool open_old(base_replacement *r, const base_replace_rules *rules, base_error *error)
{
    if (fstatat(r->place.folder, r->place.name, &r->status, AT_SYMLINK_NOFOLLOW) != 0)
        return errno == ENOENT || refuse(r, "cannot be examined", error);
    if (!S_ISREG(r->status.st_mode))
        return open_stream(r, rules, error);
    r->old = openat(r->place.folder, r->place.name, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (r->old < 0 || fstat(r->old, &r->status) != 0)
        return refuse(r, "cannot be opened for writing", error);
    if (!S_ISREG(r->status.st_mode))
        return refuse_because(r, "is not a regular file", error);
    if (rules->claims != NULL && !base_claims_add(rules->claims, r->old, r->path, rules->purpose, true, error))
        return false;
    return !rules->lock || base_lock(r->old, r->path, rules->lock_wait, error);
}

/* -- The new one --------------------------------------------------------------------------------------------------- */

static bool make_named(base_replacement *r, mode_t mode)
{
    uint64_t tag;

    r->fd = -1;
    errno = EEXIST;
    for (int i = 0; i < NAMES_TRIED && r->fd < 0 && errno == EEXIST; i++) {
        if (getrandom(&tag, sizeof tag, 0) != (ssize_t)sizeof tag)
            return false;
        snprintf(r->temporary, sizeof r->temporary, ".holdfast-new-%016" PRIx64, tag);
        r->fd = openat(r->place.folder, r->temporary, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
    }
    if (r->fd < 0)
        r->temporary[0] = '\0';
    return r->fd >= 0;
}

/* What root makes in the folder of another user is that user's. */
static bool give_to_folder(const base_replacement *r)
{
    struct stat folder;

    if (geteuid() != 0)
        return true;
    if (fstat(r->place.folder, &folder) != 0)
        return false;
    return folder.st_uid == 0 || fchown(r->fd, folder.st_uid, folder.st_gid) == 0;
}

static bool make_new(base_replacement *r, const base_replace_rules *rules, base_error *error)
{
    const struct stat *old = &r->status;
    struct stat new;

    if (!make_named(r, r->old >= 0 ? S_IRUSR | S_IWUSR : rules->mode != 0 ? rules->mode : 0666))
        return refuse(r, "cannot get a new file beside it", error);
    if (r->old < 0)
        return give_to_folder(r) || refuse(r, "cannot be given to the owner of its folder", error);
    if (fstat(r->fd, &new) != 0)
        return refuse(r, "cannot get a new file beside it", error);
    if ((old->st_uid != new.st_uid || old->st_gid != new.st_gid) && fchown(r->fd, old->st_uid, old->st_gid) != 0)
        return refuse(r, "belongs to another user or group, which could not be kept", error);
    return fchmod(r->fd, old->st_mode & 0777) == 0 || refuse(r, "has a mode that could not be kept", error);
}

/* True if the path names a descriptor of this process: that is written to as it stands. */
static bool take_descriptor(base_replacement *r, const base_replace_rules *rules)
{
    int fd = rules->streams && rules->folder == NULL ? base_file_descriptor_of(r->path) : -1;

    r->is_stream = fd >= 0;
    if (r->is_stream)
        r->fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    return r->is_stream && r->fd >= 0;
}

bool base_replace_begin(base_replacement *r, const char *path, const base_replace_rules *rules, base_error *error)
{
    *r = (base_replacement){.place = {.folder = -1}, .path = path, .old = -1, .fd = -1, .last_wins = rules->last_wins};
    if (take_descriptor(r, rules))
        return true;
    if (!base_place_find(&r->place, path, rules->folder, rules->no_links, error))
        return false;
    if ((!rules->owned || check_folder(r, error)) && open_old(r, rules, error) &&
        (r->is_stream || make_new(r, rules, error)))
        return true;
    base_replace_done(r);
    return false;
}

/* -- Keeping the old one ------------------------------------------------------------------------------------------- */

static bool copy_octets(int from, int to)
{
    char piece[PIECE];
    off_t at = 0;
    ssize_t got;

    while ((got = pread(from, piece, sizeof piece, at)) != 0) {
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 || !base_file_write_all(to, piece, (size_t)got))
            return false;
        at += got;
    }
    return fsync(to) == 0;
}

static bool copy_old(const base_place *place, int old, const char *name)
{
    int fd = openat(place->folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    struct stat status;
    bool copied = fd >= 0 && fstat(old, &status) == 0 && fchmod(fd, status.st_mode & 0777) == 0 && copy_octets(old, fd);
    int reason = errno;

    if (fd >= 0)
        close(fd);
    if (fd >= 0 && !copied)
        unlinkat(place->folder, name, 0);
    errno = reason;
    return copied;
}

/* A second name costs nothing and cannot be cut short. The first may lead to another file just now: the commit sees
 * that. */
static bool keep(const base_place *place, int old, const char *front, const char *ending, char kept[NAME_MAX + 1],
                 base_error *error)
{
    char name[NAME_MAX + 1];

    for (unsigned i = 1; i <= KEPT_MAX; i++) {
        int length = i == 1 ? snprintf(name, sizeof name, "%s%s.%s", front, place->name, ending)
                            : snprintf(name, sizeof name, "%s%s.%s.%u", front, place->name, ending, i);

        errno = ENAMETOOLONG;
        bool fits = length > 0 && (size_t)length < sizeof name;
        bool is_kept = fits && linkat(place->folder, place->name, place->folder, name, 0) == 0;
        if (fits && !is_kept && errno != EEXIST)
            is_kept = copy_old(place, old, name);
        if (is_kept) {
            memcpy(kept, name, sizeof name);
            return true;
        }
        if (errno != EEXIST) {
            base_error_set(error, "%s cannot be kept under another name: %s", BASE_CUT(place->path), strerror(errno));
            return false;
        }
    }
    base_error_set(error, "%s has %d backups: remove some", BASE_CUT(place->path), KEPT_MAX);
    return false;
}

bool base_replace_keep_old(base_replacement *r, const char *ending, base_error *error)
{
    return r->old < 0 || keep(&r->place, r->old, "", ending, r->kept, error);
}

bool base_replace_hide_old(base_replacement *r, const char *ending, base_error *error)
{
    return r->old < 0 || keep(&r->place, r->old, ".", ending, r->kept, error);
}

bool base_replace_keep(const base_place *place, const char *ending, char kept[NAME_MAX + 1], base_error *error)
{
    int old = openat(place->folder, place->name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    bool is_kept = old >= 0 && keep(place, old, "", ending, kept, error);

    if (old < 0)
        base_error_set(error, "cannot open %s: %s", BASE_CUT(place->path), strerror(errno));
    else
        close(old);
    return is_kept;
}

void base_replace_forget(const base_place *place, const char *kept)
{
    unlinkat(place->folder, kept, 0);
}

/* -- The change ---------------------------------------------------------------------------------------------------- */

static bool is_unchanged(const base_replacement *r)
{
    const struct stat *old = &r->status;
    struct stat now;

    if (fstatat(r->place.folder, r->place.name, &now, AT_SYMLINK_NOFOLLOW) != 0)
        return r->old < 0 && errno == ENOENT;
    return r->old >= 0 && now.st_ino == old->st_ino && now.st_dev == old->st_dev && now.st_size == old->st_size &&
           now.st_mtim.tv_sec == old->st_mtim.tv_sec && now.st_mtim.tv_nsec == old->st_mtim.tv_nsec;
}

bool base_replace_commit(base_replacement *r, base_error *error)
{
    if (r->is_stream)
        return true;
    if (fsync(r->fd) != 0)
        return refuse(r, "cannot be brought to the disk", error);
    if (!r->last_wins && !is_unchanged(r))
        return refuse_because(r, "was changed by another program meanwhile: nothing was written; try again", error);
    if (renameat(r->place.folder, r->temporary, r->place.folder, r->place.name) != 0)
        return refuse(r, "cannot be replaced", error);
    r->temporary[0] = '\0';
    base_folder_sync(r->place.folder);
    return true;
}

void base_replace_done(base_replacement *r)
{
    bool abandoned = r->temporary[0] != '\0';

    if (abandoned)
        unlinkat(r->place.folder, r->temporary, 0);
    if (abandoned && r->kept[0] != '\0')
        unlinkat(r->place.folder, r->kept, 0);
    if (r->fd >= 0)
        close(r->fd);
    if (r->old >= 0)
        close(r->old);
    base_place_done(&r->place);
    *r = (base_replacement){.place = {.folder = -1}, .old = -1, .fd = -1};
}
