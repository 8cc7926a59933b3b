/*
 * io/tcp.h: the lowest step of every connection that goes out: a TCP connection as an io_stream. Those that come in:
 * io/listener.h.
 */
#ifndef IO_TCP_H
#define IO_TCP_H

#include "io/address.h"
#include "io/loop.h"
#include "io/stream.h"

/* Begins to connect; `ready` or `end` follows. NULL, and *failure set, when the system refuses at once. */
io_stream *io_tcp_connect(io_loop *loop, const io_address *address, io_sink sink, facts_failure *failure);

#endif
