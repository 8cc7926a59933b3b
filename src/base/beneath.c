#include "base/beneath.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/syscall.h>
#endif

#ifndef O_PATH
#define O_PATH O_RDONLY
#endif

#define LINKS_MAX 40 /* as Linux itself has it */
#define DEPTH_MAX 64
#define RACES_MAX 16

static const char *without_slashes(const char *path)
{
    path += strspn(path, "/");
    return *path != '\0' ? path : ".";
}

/* -- One component after another ----------------------------------------------------------------------------------- */

typedef struct walk {
    int folders[DEPTH_MAX]; /* the first is the caller's; ".." goes back to the one before, wherever that lies by now */
    size_t depth;
    char rest[PATH_MAX]; /* of the path */
    unsigned links;      /* that may still be followed */
} walk;

static int current(const walk *w)
{
    return w->folders[w->depth - 1];
}

static void leave(walk *w)
{
    int reason = errno;

    close(w->folders[--w->depth]);
    errno = reason;
}

static bool fail(int reason)
{
    errno = reason;
    return false;
}

/* Takes the first component off the rest. */
static bool take(walk *w, char name[NAME_MAX + 1])
{
    const char *from = w->rest + strspn(w->rest, "/");
    size_t length = strcspn(from, "/");

    if (length > NAME_MAX)
        return fail(ENAMETOOLONG);
    memcpy(name, from, length);
    name[length] = '\0';
    memmove(w->rest, from + length, strlen(from + length) + 1);
    return true;
}

/* Puts the link's target in front of the rest. */
static bool follow(walk *w, const char *target)
{
    char rest[PATH_MAX];
    int length;

    if (w->links == 0)
        return fail(ELOOP);
    w->links--;
    if (*target == '/')
        return fail(EXDEV);
    length = snprintf(rest, sizeof rest, "%s%s", target, w->rest);
    if (length < 0 || (size_t)length >= sizeof rest)
        return fail(ENAMETOOLONG);
    memcpy(w->rest, rest, (size_t)length + 1);
    return true;
}

/* True if `name` is a link, with its target. One that is put there a moment later is not followed: O_NOFOLLOW. */
static bool is_link(const walk *w, const char *name, char target[PATH_MAX])
{
    ssize_t length = readlinkat(current(w), name, target, PATH_MAX - 1);

    if (length < 0)
        return false;
    target[length] = '\0';
    return true;
}

static bool enter(walk *w, const char *name)
{
    if (w->depth == DEPTH_MAX)
        return fail(ENAMETOOLONG);
    w->folders[w->depth] = openat(current(w), name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (w->folders[w->depth] < 0)
        return false;
    w->depth++;
    return true;
}

static bool go_up(walk *w)
{
    if (w->depth == 1)
        return fail(EXDEV);
    leave(w);
    return true;
}

/* One component that others follow. */
static bool step(walk *w, const char *name)
{
    char target[PATH_MAX];

    if (*name == '\0' || strcmp(name, ".") == 0)
        return true;
    if (strcmp(name, "..") == 0)
        return go_up(w);
    return is_link(w, name, target) ? follow(w, target) : enter(w, name);
}

/* The last component. True to go on, for it was a link; else *file is what was opened, or -1. */
static bool arrive(walk *w, const char *name, int flags, mode_t mode, int *file)
{
    bool exclusive = (flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL);
    char target[PATH_MAX];

    if (strcmp(name, "..") == 0) {
        if (go_up(w))
            *file = openat(current(w), ".", flags, mode);
        return false;
    }
    if ((flags & O_NOFOLLOW) == 0 && !exclusive && is_link(w, name, target))
        return follow(w, target);
    *file = openat(current(w), *name != '\0' ? name : ".", flags | O_NOFOLLOW, mode);
    return false;
}

int base_beneath_walk(int folder, const char *path, bool links, int flags, mode_t mode)
{
    walk w = {.folders = {folder}, .depth = 1, .links = links ? LINKS_MAX : 0};
    char name[NAME_MAX + 1];
    int file = -1;
    bool goes_on;

    if ((size_t)snprintf(w.rest, sizeof w.rest, "%s", without_slashes(path)) >= sizeof w.rest) {
        errno = ENAMETOOLONG;
        return -1;
    }
    do
        goes_on =
            take(&w, name) && (*w.rest != '\0' ? step(&w, name) : arrive(&w, name, flags | O_CLOEXEC, mode, &file));
    while (goes_on);
    while (w.depth > 1)
        leave(&w);
    return file;
}

/* -- In one step --------------------------------------------------------------------------------------------------- */

#if defined(__linux__) && defined(SYS_openat2)

/* As in <linux/openat2.h>, which older systems lack. */
typedef struct how {
    uint64_t flags, mode, resolve;
} how;

#define RESOLVE_NO_MAGICLINKS 0x02
#define RESOLVE_NO_SYMLINKS 0x04
#define RESOLVE_BENEATH 0x08

static int open_at_once(int folder, const char *path, bool links, int flags, mode_t mode)
{
    how h = {.flags = (uint64_t)flags,
             .mode = (flags & O_CREAT) != 0 ? mode & 07777 : 0,
             .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS | (links ? 0 : RESOLVE_NO_SYMLINKS)};

    return (int)syscall(SYS_openat2, folder, path, &h, sizeof h);
}

/* Kernels before 5.6 do not have it, and some sandboxes forbid it with EPERM. */
int base_beneath_open(int folder, const char *path, bool links, int flags, mode_t mode)
{
    int file = -1;

    path = without_slashes(path);
    for (int i = 0; i < RACES_MAX; i++) {
        file = open_at_once(folder, path, links, flags | O_CLOEXEC, mode);
        if (file >= 0 || (errno != EAGAIN && errno != EINTR))
            break;
    }
    if (file >= 0 || (errno != ENOSYS && errno != EPERM))
        return file;
    return base_beneath_walk(folder, path, links, flags, mode);
}

#else

int base_beneath_open(int folder, const char *path, bool links, int flags, mode_t mode)
{
    return base_beneath_walk(folder, path, links, flags, mode);
}

#endif
