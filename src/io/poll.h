/*
 * io/poll.h: waits on the loop for descriptors that another library reads and writes (c-ares, libcurl).
 */
#ifndef IO_POLL_H
#define IO_POLL_H

#include "io/loop.h"

#include <stdbool.h>

typedef struct io_poll io_poll;

/* What a descriptor is ready for; both when the system reports an error of it, which reading or writing then shows. */
typedef void io_poll_ready(void *self, int fd, bool readable, bool writable);

/* NULL if the system cannot wait for it. */
io_poll *io_poll_new(io_loop *loop, int fd, io_poll_ready *ready, void *self);
/* From now on for this; for neither: not at all. */
void io_poll_wait(io_poll *poll, bool readable, bool writable);
/* Before the descriptor is closed. */
void io_poll_free(io_poll *poll);

#endif
