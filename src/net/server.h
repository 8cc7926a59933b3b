/*
 * net/server.h: a small HTTP server on 127.0.0.1, over TLS or plain, that gives every request the same answer. For the lab and
 * the tests.
 */
#ifndef NET_SERVER_H
#define NET_SERVER_H

#include "net/loop.h"
#include "net/mint.h"

typedef struct net_server net_server;

/*
 * Listens on a free port. `identity` NULL: plain HTTP. `response` is sent as it is, head and body. Both are borrowed.
 * NULL when the system gives no port.
 */
net_server *net_server_new(net_loop *loop, const net_tls_identity *identity, const char *response);
int net_server_port(const net_server *server);
/* Closes the connections too. */
void net_server_free(net_server *server);

#endif
