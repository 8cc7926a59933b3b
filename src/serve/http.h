/*
 * serve/http.h: a small HTTP server on 127.0.0.1 for any number of host names on one port, which speaks TLS to whoever begins with
 * TLS and plain HTTP to all others. For the lab and the tests.
 */
#ifndef SERVE_HTTP_H
#define SERVE_HTTP_H

#include "io/loop.h"
#include "tls/tls.h"

#include <stddef.h>

typedef struct serve_http serve_http;

/* One host. Responses are sent as they are, head and body (to HEAD, the head); without one the connection is closed. */
typedef struct serve_vhost {
    const char *name;             /* in lower case */
    const tls_identity *identity; /* shown to clients that name it in SNI */
    const char *secure, *plain;   /* the responses to requests that name it in Host, over TLS and without */
    const char *http2;            /* over HTTP/2, which its identity must speak; in the same form */
    const char *head;             /* over TLS, to HEAD; NULL: as to GET */
    const char *missing;          /* over TLS, for any path but "/"; NULL: the same */
} serve_vhost;

/*
 * Listens on a free port. A name that is none of the hosts' is taken for the first. Everything is borrowed. NULL when the system
 * gives no port.
 */
serve_http *serve_http_new(io_loop *loop, const serve_vhost *hosts, size_t count);
int serve_http_port(const serve_http *server);
/* Closes the connections too. */
void serve_http_free(serve_http *server);

#endif
