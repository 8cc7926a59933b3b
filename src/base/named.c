#include "base/named.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/vfs.h>
#endif

#ifndef O_PATH
#define O_PATH O_RDONLY
#endif

#define LINKS_MAX 40 /* as Linux itself has it */

typedef struct walk {
    int at; /* the folder that was reached: ours to close if `opened` */
    bool opened;
    char rest[PATH_MAX]; /* of the path */
    unsigned links;      /* that may still be followed */
} walk;

typedef enum link_kind { NO_LINK, LINK, MAGIC_LINK, LINK_REFUSED } link_kind;

static bool fail(int reason)
{
    errno = reason;
    return false;
}

static void leave(walk *w)
{
    int reason = errno;

    if (w->opened)
        close(w->at);
    errno = reason;
}

static bool enter(walk *w, const char *name, int flags)
{
    int fd = openat(w->at, name, O_PATH | O_DIRECTORY | O_CLOEXEC | flags);

    if (fd < 0)
        return false;
    leave(w);
    w->at = fd;
    w->opened = true;
    return true;
}

/* Takes the first component off the rest. */
static bool take(walk *w, char name[NAME_MAX + 1])
{
    const char *from = w->rest + strspn(w->rest, "/");
    size_t length = strcspn(from, "/");
    char *to = w->rest;

    if (length > NAME_MAX)
        return fail(ENAMETOOLONG);
    memcpy(name, from, length);
    name[length] = '\0';
    /* Octet by octet: valgrind takes the C library's memmove for a memcpy that overlaps. */
    from += length;
    do
        *to++ = *from;
    while (*from++ != '\0');
    return true;
}

/* -- Links --------------------------------------------------------------------------------------------------------- */

#ifdef __linux__

#define PROC 0x9fa0 /* PROC_SUPER_MAGIC of <linux/magic.h> */

/* What such a link says, as "pipe:[1]", is no path: the kernel alone can follow it. */
static bool is_of_kernel(int folder)
{
    struct statfs system;

    return fstatfs(folder, &system) == 0 && system.f_type == PROC;
}

static bool read_link(int folder, const char *name, char target[PATH_MAX], struct stat *is)
{
    int fd = openat(folder, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    ssize_t length =
        fd >= 0 && fstat(fd, is) == 0 && S_ISLNK(is->st_mode) ? readlinkat(fd, "", target, PATH_MAX - 1) : -1;

    if (fd >= 0)
        close(fd);
    if (length >= 0)
        target[length] = '\0';
    return length >= 0;
}

#else

static bool is_of_kernel(int folder)
{
    (void)folder;
    return false;
}

static bool read_link(int folder, const char *name, char target[PATH_MAX], struct stat *is)
{
    ssize_t length = readlinkat(folder, name, target, PATH_MAX - 1);

    if (length >= 0)
        target[length] = '\0';
    return length >= 0 && fstatat(folder, name, is, AT_SYMLINK_NOFOLLOW) == 0;
}

#endif

/* If `name` is a link of this user or of root, what it leads to is put in front of the rest. */
static link_kind follow(walk *w, const char *name)
{
    char target[PATH_MAX], rest[PATH_MAX];
    struct stat is;
    int length;

    if (!read_link(w->at, name, target, &is))
        return NO_LINK;
    errno = ENOLINK;
    if (is.st_uid != geteuid() && is.st_uid != 0)
        return LINK_REFUSED;
    if (is_of_kernel(w->at))
        return MAGIC_LINK;
    errno = ELOOP;
    if (w->links-- == 0)
        return LINK_REFUSED;
    length = snprintf(rest, sizeof rest, "%s%s", target, w->rest);
    errno = ENAMETOOLONG;
    if (length < 0 || (size_t)length >= sizeof rest)
        return LINK_REFUSED;
    memcpy(w->rest, rest, (size_t)length + 1);
    return *rest != '/' || enter(w, "/", 0) ? LINK : LINK_REFUSED;
}

/* -- One component after another ----------------------------------------------------------------------------------- */

/* One component that others follow. */
static bool step(walk *w, const char *name)
{
    link_kind kind;

    if (*name == '\0' || strcmp(name, ".") == 0)
        return true;
    kind = follow(w, name);
    return kind == LINK || (kind != LINK_REFUSED && enter(w, name, kind == NO_LINK ? O_NOFOLLOW : 0));
}

/* The last component. True to go on, for it was a link; else *file is what was opened, or -1. */
static bool arrive(walk *w, const char *name, int flags, mode_t mode, int *file)
{
    bool exclusive = (flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL);
    link_kind kind = (flags & O_NOFOLLOW) == 0 && !exclusive ? follow(w, name) : NO_LINK;

    if (kind == NO_LINK || kind == MAGIC_LINK)
        *file = openat(w->at, *name != '\0' ? name : ".", flags | (kind == NO_LINK ? O_NOFOLLOW : 0), mode);
    return kind == LINK;
}

int base_named_open(int folder, const char *path, int flags, mode_t mode)
{
    walk w = {.at = folder, .links = LINKS_MAX};
    char name[NAME_MAX + 1];
    int file = -1;
    bool goes_on;

    errno = *path == '\0' ? ENOENT : ENAMETOOLONG;
    if (*path == '\0' || (size_t)snprintf(w.rest, sizeof w.rest, "%s", path) >= sizeof w.rest ||
        (*path == '/' && !enter(&w, "/", 0)))
        return -1;
    do
        goes_on =
            take(&w, name) && (*w.rest != '\0' ? step(&w, name) : arrive(&w, name, flags | O_CLOEXEC, mode, &file));
    while (goes_on);
    leave(&w);
    return file;
}
