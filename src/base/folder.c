#include "base/folder.h"

#include "base/beneath.h"
#include "base/file.h"
#include "base/named.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef O_PATH
#define O_PATH O_RDONLY
#endif

#define LINKS_MAX 40

/* -- Folders ------------------------------------------------------------------------------------------------------- */

static bool take(base_folder *folder, int fd, const char *path, base_error *error)
{
    struct stat status;

    if (fd < 0 || fstat(fd, &status) != 0) {
        int reason = errno;

        base_error_set(error, "cannot open the folder %s: %s", BASE_CUT(path), base_file_reason(reason));
        if (fd >= 0)
            close(fd);
        errno = reason;
        return false;
    }
    *folder =
        (base_folder){.fd = fd, .owner = status.st_uid, .group = status.st_gid, .ours = status.st_uid == geteuid()};
    snprintf(folder->path, sizeof folder->path, "%s", path);
    return true;
}

bool base_folder_open(base_folder *folder, const char *path, base_error *error)
{
    return take(folder, base_named_open(AT_FDCWD, path, O_PATH | O_DIRECTORY, 0), path, error);
}

bool base_folder_open_beneath(base_folder *folder, const base_folder *outer, const char *path, base_error *error)
{
    char whole[PATH_MAX];
    bool slash = outer->path[0] != '\0' && outer->path[strlen(outer->path) - 1] == '/';
    int length = snprintf(whole, sizeof whole, "%s%s%s", outer->path, slash ? "" : "/", path + strspn(path, "/"));

    if (length < 0 || (size_t)length >= sizeof whole) {
        base_error_set(error, "%s: the path is too long", BASE_CUT(path));
        return false;
    }
    return take(folder, base_folder_openat(outer, path, O_PATH | O_DIRECTORY, 0), whole, error);
}

void base_folder_close(base_folder *folder)
{
    if (folder->fd >= 0)
        close(folder->fd);
    folder->fd = -1;
}

int base_folder_openat(const base_folder *folder, const char *path, int flags, mode_t mode)
{
    path += strspn(path, "/");
    path = *path != '\0' ? path : ".";
    if (folder->open_ended)
        return openat(folder->fd, path, flags | O_CLOEXEC, mode);
    return base_beneath_open(folder->fd, path, folder->ours, flags, mode);
}

/* A descriptor that was opened for paths alone cannot be synced. */
void base_folder_sync(int fd)
{
    int open_fd = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (open_fd < 0)
        return;
    fsync(open_fd);
    close(open_fd);
}

/* -- Places -------------------------------------------------------------------------------------------------------- */

/* Cuts the path in two. The folder is "." or ends in a slash; false if no file can have that name. */
static bool split(const char *path, char folder[PATH_MAX], char name[NAME_MAX + 1])
{
    const char *slash = strrchr(path, '/'), *last = slash != NULL ? slash + 1 : path;
    size_t length = (size_t)(last - path);

    if (*last == '\0' || strcmp(last, ".") == 0 || strcmp(last, "..") == 0) {
        errno = EISDIR;
        return false;
    }
    if (length >= PATH_MAX || strlen(last) > NAME_MAX) {
        errno = ENAMETOOLONG;
        return false;
    }
    memcpy(folder, path, length);
    snprintf(folder + length, PATH_MAX - length, "%s", length > 0 ? "" : ".");
    memcpy(name, last, strlen(last) + 1);
    return true;
}

static int open_folder(const base_folder *beneath, const char *path)
{
    if (beneath != NULL)
        return base_folder_openat(beneath, path, O_PATH | O_DIRECTORY, 0);
    return base_named_open(AT_FDCWD, path, O_PATH | O_DIRECTORY, 0);
}

typedef enum link_kind { LINK_NONE, LINK_FOLLOWED, LINK_REFUSED } link_kind;

/* In a folder where everybody may put links, one of somebody else could lead us to any file of ours. */
static bool may_follow(const base_place *place, const base_folder *beneath, bool no_links)
{
    struct stat status;

    if (no_links || (beneath != NULL && !beneath->ours) ||
        fstatat(place->folder, place->name, &status, AT_SYMLINK_NOFOLLOW) != 0)
        return false;
    return status.st_uid == geteuid() || status.st_uid == 0;
}

/* If the place is a link, *path becomes what it leads to. */
static link_kind follow(const base_place *place, const char *folder, const base_folder *beneath, bool no_links,
                        char path[PATH_MAX])
{
    char target[PATH_MAX];
    int length;

    if (!base_folder_read_link(place->folder, place->name, target))
        return LINK_NONE;
    errno = *target == '/' && beneath != NULL ? EXDEV : ELOOP;
    if (errno == EXDEV || !may_follow(place, beneath, no_links))
        return LINK_REFUSED;
    length =
        *target == '/' ? snprintf(path, PATH_MAX, "%s", target) : snprintf(path, PATH_MAX, "%s/%s", folder, target);
    errno = ENAMETOOLONG;
    return length < PATH_MAX ? LINK_FOLLOWED : LINK_REFUSED;
}

static bool find(base_place *place, char path[PATH_MAX], const base_folder *beneath, bool no_links)
{
    char folder[PATH_MAX];

    for (int i = 0; i < LINKS_MAX; i++) {
        if (!split(path, folder, place->name))
            return false;
        place->folder = open_folder(beneath, folder);
        if (place->folder < 0)
            return false;
        link_kind kind = follow(place, folder, beneath, no_links, path);
        if (kind == LINK_NONE)
            return true;
        int reason = errno;
        base_place_done(place);
        errno = reason;
        if (kind == LINK_REFUSED)
            return false;
    }
    errno = ELOOP;
    return false;
}

bool base_place_find(base_place *place, const char *path, const base_folder *beneath, bool no_links, base_error *error)
{
    char copy[PATH_MAX];

    errno = ENAMETOOLONG;
    *place = (base_place){.folder = -1};
    if ((size_t)snprintf(copy, sizeof copy, "%s", path) < sizeof copy && find(place, copy, beneath, no_links)) {
        memcpy(place->path, copy, sizeof copy);
        return true;
    }
    if (errno == ELOOP)
        base_error_set(error, "%s is a symbolic link that is not followed: name the file itself", BASE_CUT(path));
    else if (errno == EXDEV)
        base_error_set(error, "%s leads out of its folder", BASE_CUT(path));
    else
        base_error_set(error, "%s cannot be found: %s", BASE_CUT(path), base_file_reason(errno));
    return false;
}

void base_place_done(base_place *place)
{
    if (place->folder >= 0)
        close(place->folder);
    place->folder = -1;
}

bool base_place_above(const base_place *place, unsigned up, base_folder *folder)
{
    int at = openat(place->folder, ".", O_PATH | O_DIRECTORY | O_CLOEXEC);

    for (; up > 0 && at >= 0; up--) {
        int above = openat(at, "..", O_PATH | O_DIRECTORY | O_CLOEXEC);

        close(at);
        at = above;
    }
    return take(folder, at, place->path, NULL);
}

bool base_folder_read_link(int folder, const char *name, char target[PATH_MAX])
{
    ssize_t length = readlinkat(folder, name, target, PATH_MAX - 1);

    if (length < 0)
        return false;
    target[length] = '\0';
    return true;
}

/* -- Making -------------------------------------------------------------------------------------------------------- */

/* Opens the folder `name` in `at`, and makes it where it is missing. -1 with errno; EPERM where root would make it for
 * others. */
static int enter(int at, const char *name, mode_t mode)
{
    int fd = base_named_open(at, name, O_PATH | O_DIRECTORY, 0);
    struct stat status;

    if (fd >= 0 || errno != ENOENT)
        return fd;
    if (fstat(at, &status) != 0)
        return -1;
    if (geteuid() == 0 && status.st_uid != 0) {
        errno = EPERM;
        return -1;
    }
    if (mkdirat(at, name, mode) != 0 && errno != EEXIST)
        return -1;
    return openat(at, name, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

static bool refuse(const char *path, base_error *error)
{
    if (errno == EPERM && geteuid() == 0)
        base_error_set(error, "%s: root makes no folder in one of another user: run as that user, or set HOME",
                       BASE_CUT(path));
    else
        base_error_set(error, "cannot make the folder of %s: %s", BASE_CUT(path), base_file_reason(errno));
    return false;
}

bool base_folder_make(const char *path, mode_t mode, base_error *error)
{
    const char *from = path, *slash;
    char name[NAME_MAX + 1];
    int at = open(*path == '/' ? "/" : ".", O_PATH | O_DIRECTORY | O_CLOEXEC);

    while (at >= 0 && (slash = strchr(from += strspn(from, "/"), '/')) != NULL) {
        int outer = at, reason = ENAMETOOLONG;

        at = -1;
        if ((size_t)(slash - from) < sizeof name) {
            snprintf(name, sizeof name, "%.*s", (int)(slash - from), from);
            at = enter(outer, name, mode);
            reason = errno;
        }
        close(outer);
        errno = reason;
        from = slash;
    }
    if (at < 0)
        return refuse(path, error);
    close(at);
    return true;
}
