/*
 * base/lock.h: a lock on an open file (flock), asked for with a deadline.
 */
#ifndef BASE_LOCK_H
#define BASE_LOCK_H

#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * Takes the lock that excludes all others, and waits for it `wait` milliseconds at most. False, with a reason that
 * names the process that holds it where the system tells; `path` is for that text.
 */
bool base_lock(int fd, const char *path, uint32_t wait, base_error *error);

#endif
