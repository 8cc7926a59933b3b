/*
 * base/named.h: opens a path that the user named, without following the symbolic link of anybody else.
 *
 * Whoever may put a link where we look could lead us, and root above all, to any file of ours. So each link on the way,
 * the last component included, must belong to this user or to root, in whatever folder it lies; each is looked at and
 * read through one descriptor, so that nobody can exchange it in between.
 */
#ifndef BASE_NAMED_H
#define BASE_NAMED_H

#include <sys/types.h>

/*
 * As openat(folder, path, flags, mode) with O_CLOEXEC; `folder` may be AT_FDCWD. -1 with errno, which is ENOLINK for a
 * link of somebody else.
 */
int base_named_open(int folder, const char *path, int flags, mode_t mode);

#endif
