/*
 * base/fifo.h: a pipe with a name, at whose other end nobody may be. The system lets whoever opens one wait for the
 * other end, for ever where nobody comes; here it is BASE_FIFO_SECONDS, and then there is a reason. Whoever has the
 * other end open may be as slow as they like.
 */
#ifndef BASE_FIFO_H
#define BASE_FIFO_H

#include "base/error.h"

#include <stdbool.h>

#define BASE_FIFO_SECONDS 10

/*
 * Waits until somebody writes to the pipe `fd`, which is open for reading with O_NONBLOCK. False, with the reason and
 * errno, when nobody came.
 */
bool base_fifo_await_writer(int fd, const char *path, base_error *error);

/*
 * Opens a pipe for writing, `name` in the open `folder` (AT_FDCWD: any path), as soon as somebody reads from it, and
 * never for reading too: that would take the reader's place, and lose what is written. `flags` are added to those that
 * it needs. -1, with the reason and errno, when nobody came.
 */
int base_fifo_open_writer(int folder, const char *name, int flags, const char *path, base_error *error);

/* Writing to `fd`, or reading from it, waits from now on. False with errno. */
bool base_fifo_wait_from_now_on(int fd);

#endif
