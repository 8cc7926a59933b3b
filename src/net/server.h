/*
 * net/server.h: a small HTTP server on 127.0.0.1 for any number of host names on one port, which speaks TLS to whoever begins with
 * TLS and plain HTTP to all others. For the lab and the tests.
 */
#ifndef NET_SERVER_H
#define NET_SERVER_H

#include "net/loop.h"
#include "net/mint.h"

#include <stddef.h>

typedef struct net_server net_server;

/* One host. Responses are sent as they are, head and body (to HEAD, the head); without one the connection is closed. */
typedef struct net_vhost {
    const char *name;                 /* in lower case */
    const net_tls_identity *identity; /* shown to clients that name it in SNI */
    const char *secure, *plain;       /* the responses to requests that name it in Host, over TLS and without */
    const char *http2;                /* over HTTP/2, which its identity must speak; in the same form */
    const char *head;                 /* over TLS, to HEAD; NULL: as to GET */
    const char *missing;              /* over TLS, for any path but "/"; NULL: the same */
} net_vhost;

/*
 * Listens on a free port. A name that is none of the hosts' is taken for the first. Everything is borrowed. NULL when the system
 * gives no port.
 */
net_server *net_server_new(net_loop *loop, const net_vhost *hosts, size_t count);
int net_server_port(const net_server *server);
/* Closes the connections too. */
void net_server_free(net_server *server);

#endif
