/*
 * io/channel.h: one end of a pair of sockets between processes of ours, as a io_stream: what is written is never
 * refused and never waits, for it is kept until the other end takes it.
 */
#ifndef IO_CHANNEL_H
#define IO_CHANNEL_H

#include "io/loop.h"
#include "io/stream.h"

/* Takes over `fd`. It is ready at once, and `ready` is not called. NULL if the system refuses. */
io_stream *io_channel(io_loop *loop, int fd, io_sink sink);

#endif
