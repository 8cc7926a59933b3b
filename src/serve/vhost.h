/*
 * serve/vhost.h: a handler whose answers are data: hosts, each with the responses it gives. For the lab and the tests.
 */
#ifndef SERVE_VHOST_H
#define SERVE_VHOST_H

#include "serve/http.h"
#include "tls/tls.h"

#include <stddef.h>

/* One host. Responses are texts, head and body, as HTTP/1.1 has them; without one the connection is closed. */
typedef struct serve_vhost {
    const char *name;             /* in lower case */
    const tls_identity *identity; /* shown to clients that name it in SNI */
    const char *secure, *plain;   /* the responses to requests that name it in Host, over TLS and without */
    const char *http2;            /* over HTTP/2, which its identity must speak */
    const char *head;             /* over TLS, to HEAD; NULL: as to GET */
    const char *missing;          /* over TLS, for any path but "/"; NULL: the same */
} serve_vhost;

/* Borrowed. A name that is not one of the hosts' is taken for the first. */
typedef struct serve_vhosts {
    const serve_vhost *hosts;
    size_t count;
} serve_vhosts;

/* For serve_http_options: `hosts` is the self of both. */
serve_handler serve_vhost_handler(const serve_vhosts *hosts);
const tls_identity *serve_vhost_choose(void *hosts, const char *name);

#endif
