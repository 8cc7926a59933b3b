/*
 * io/tcp.h: the lowest step of every connection: a TCP connection as a io_stream.
 */
#ifndef IO_TCP_H
#define IO_TCP_H

#include "io/address.h"
#include "io/loop.h"
#include "io/stream.h"

/* Begins to connect; `ready` or `end` follows. NULL, and *failure set, when the system refuses at once. */
io_stream *io_tcp_connect(io_loop *loop, const io_address *address, io_sink sink, facts_failure *failure);

/* A listener on a free port of 127.0.0.1, or NULL. `accepted` is given each connection, which is ready, with no sink yet: it must set one at once. */
typedef struct io_listener io_listener;
io_listener *io_listener_new(io_loop *loop, void (*accepted)(void *self, io_stream *stream), void *self);
int io_listener_port(const io_listener *listener);
void io_listener_free(io_listener *listener);

/* A port of 127.0.0.1 that is taken, and refuses every connection; or NULL. */
typedef struct io_port io_port;
io_port *io_port_new(io_loop *loop);
int io_port_number(const io_port *port);
void io_port_free(io_port *port);

#endif
