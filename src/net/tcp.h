/*
 * net/tcp.h: the lowest step of every connection: a TCP connection as a net_stream.
 */
#ifndef NET_TCP_H
#define NET_TCP_H

#include "net/address.h"
#include "net/loop.h"
#include "net/stream.h"

/* Begins to connect; `ready` or `end` follows. NULL, and *failure set, when the system refuses at once. */
net_stream *net_tcp_connect(net_loop *loop, const net_address *address, net_sink sink, net_failure *failure);

/* A listener on a free port of 127.0.0.1, or NULL. `accepted` is given each connection, which is ready, with no sink yet: it must set one at once. */
typedef struct net_listener net_listener;
net_listener *net_listener_new(net_loop *loop, void (*accepted)(void *self, net_stream *stream), void *self);
int net_listener_port(const net_listener *listener);
void net_listener_free(net_listener *listener);

/* A port of 127.0.0.1 that is taken, and refuses every connection; or NULL. */
typedef struct net_port net_port;
net_port *net_port_new(net_loop *loop);
int net_port_number(const net_port *port);
void net_port_free(net_port *port);

#endif
