/*
 * base/beneath.h: opens a path that begins in a folder and stays below it, whatever others rename or link meanwhile.
 *
 * Where the kernel has openat2 it does this in one step (RESOLVE_BENEATH, RESOLVE_NO_MAGICLINKS); elsewhere one
 * component is opened after another, each in the folder opened before, and no link is followed that was not read first.
 * Files that are not of this user are opened through base/file.h, which uses this.
 */
#ifndef BASE_BENEATH_H
#define BASE_BENEATH_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * As openat(folder, path, flags, mode) with O_CLOEXEC, except that slashes in front of the path are passed over, so
 * that an absolute path counts from the folder. With `links` symbolic links are followed as long as they lead below the
 * folder, without it none is. -1 with errno: EXDEV when the path leads out of the folder, ELOOP for a link that is not
 * followed, EAGAIN when others rename without a pause.
 */
int base_beneath_open(int folder, const char *path, bool links, int flags, mode_t mode);

/* The same without openat2. */
int base_beneath_walk(int folder, const char *path, bool links, int flags, mode_t mode);

#endif
