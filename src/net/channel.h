/*
 * net/channel.h: one end of a pair of sockets between processes of ours, as a net_stream: what is written is never refused and
 * never waits, for it is kept until the other end takes it.
 */
#ifndef NET_CHANNEL_H
#define NET_CHANNEL_H

#include "net/loop.h"
#include "net/stream.h"

/* Takes over `fd`. It is ready at once, and `ready` is not called. NULL if the system refuses. */
net_stream *net_channel(net_loop *loop, int fd, net_sink sink);

#endif
