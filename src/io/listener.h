/*
 * io/listener.h: connections that come in, over TCP or on a socket of this machine's file system, as io_streams.
 */
#ifndef IO_LISTENER_H
#define IO_LISTENER_H

#include "io/address.h"
#include "io/loop.h"
#include "io/stream.h"

#include "base/error.h"

typedef struct io_listener io_listener;

/*
 * Takes each connection, which is ready, and must set its sink at once. `peer` is good for the time of the call; NULL:
 * the peer is on this machine, and came by a path.
 */
typedef void io_accepted(void *self, io_stream *stream, const io_address *peer);

/*
 * Listens on an address; its port 0 takes a free one. "::" is IPv6 alone: 0.0.0.0 is another listener. `shared`:
 * several processes, a listener each, may share the address (SO_REUSEPORT). NULL with the reason.
 */
io_listener *io_listener_tcp(io_loop *loop, const io_address *address, bool shared, io_accepted *accepted, void *self,
                             base_error *error);

/* Listens on a path. A socket that lies there already, and on which nobody listens, is replaced; it is removed by
   io_listener_free. */
io_listener *io_listener_local(io_loop *loop, const char *path, io_accepted *accepted, void *self, base_error *error);

/* Its port; 0 if it listens on a path. */
int io_listener_port(const io_listener *listener);
/* The listening ends; connections that were accepted live on. NULL is allowed. */
void io_listener_free(io_listener *listener);

/* A port of 127.0.0.1 that is taken, and refuses every connection; or NULL. */
typedef struct io_port io_port;
io_port *io_port_new(io_loop *loop);
int io_port_number(const io_port *port);
void io_port_free(io_port *port);

#endif
