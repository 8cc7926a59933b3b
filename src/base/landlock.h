/*
 * base/landlock.h: Landlock, the part of Linux by which a process without privileges gives up the file system.
 *
 * The constants are our own: the headers of Debian 12 know less than newer kernels can do, and other systems have none.
 */
#ifndef BASE_LANDLOCK_H
#define BASE_LANDLOCK_H

#include <stdbool.h>

/* The version of Landlock that this kernel has; 0: none. */
int base_landlock_version(void);

/*
 * From here on this process and its children open nothing but, for reading, the files in `paths` and what lies in the
 * folders there; they run no program, and where the kernel can refuse it (from version 4) bind no TCP port, and with
 * `connects` false connect to none. What is open stays open. Paths that are not there are passed over; NULL ends them.
 * PR_SET_NO_NEW_PRIVS comes first. False: there is no Landlock, and nothing has changed.
 */
bool base_landlock_enter(const char *const *paths, bool connects);

#endif
