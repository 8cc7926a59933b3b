/*
 * http/fetch.h: one request and what came of it: resolve, connect, a tunnel if a proxy asks for one, TLS, the head of
 * the response, and as much of its body as is wanted; or several on one connection. Any number may run on one loop at
 * once.
 */
#ifndef HTTP_FETCH_H
#define HTTP_FETCH_H

#include "dns/resolve.h"
#include "facts/exchange.h"
#include "http/as_browser.h"
#include "http/budget.h"
#include "http/proxy.h"
#include "http/response.h"
#include "http/route.h"
#include "io/address.h"
#include "tls/tls.h"

/* Milliseconds that each phase may take (connect: for each address, and for a proxy's tunnel), and all together. */
typedef struct http_limits {
    int64_t resolve, connect, tls, response, total;
} http_limits;

#define HTTP_LIMITS_DEFAULT ((http_limits){5000, 10000, 10000, 10000, 30000})

/* What a name resolves to, when that has been asked already (http/find.h); their ports do not count. */
typedef struct http_found {
    const char *name; /* NULL: nothing is known */
    const io_address *addresses;
    size_t count;
} http_found;

/* What all requests of a program share. Everything is borrowed. */
typedef struct http_client {
    io_loop *loop;
    dns_resolver *resolver;
    const tls_trust_store *trust;
    const http_route *route; /* NULL: none */
    http_limits limits;
    const http_proxies *proxies; /* NULL: none */
    dns_family family;
    http_found found;
    http_clock *clock;                 /* the wall clock: http_real_clock, but in tests */
    bool public_only;                  /* no connection into a private network, but where the user has led it there */
    http_budget *budget;               /* of the one host that all requests are for; NULL: none */
    const http_as_browser *as_browser; /* what is changed of the fields that browsers send; NULL: nothing */
} http_client;

typedef struct http_request {
    const char *host; /* canonical; an IPv6 address without brackets */
    bool is_address;
    bool named;    /* the host was named by the user, or stood in a list: if it is an address or localhost, it may be
                      private */
    bool root_dot; /* the URL writes the name with a dot at its end, and so does Host, as in browsers */
    int port;
    bool secure;
    facts_method method;
    const char *target;        /* "/" */
    const char *cookies;       /* the value of the Cookie field; NULL: none */
    const io_address *address; /* the one to connect to, whatever the name resolves to; NULL: the first that answers */
    bool way_alone;            /* of http_connect: the way ends where TLS would begin */
    bool no_sni;               /* asks for the certificate of clients that name no host */
    int64_t now;               /* the moment at which certificates are to be valid, which may be a pretended one */
    int64_t deadline;          /* of io_loop_now, besides the limits; 0: none */
    int64_t patience;          /* milliseconds for it all, besides the limits; 0: as they say */
    /* Send nothing when the handshake shows any TLS error (FACTS_FAILURE_TLS_CERTIFICATE), or agrees to HTTP/2 where
       browsers do not speak it (FACTS_FAILURE_HTTP2_UNSUITABLE_CIPHER); and shake hands as browsers do alone. Otherwise
       a server that refuses what browsers offer is asked once more, with all that OpenSSL can, and that is then one of
       the errors. */
    bool strict;
    bool leaf_only;     /* as in tls_options */
    tls_keys keys;      /* not all: a server that has no such certificate is not asked once more */
    tls_offer offer;    /* over TLS; in clear HTTP/1.1 is spoken */
    size_t content_max; /* octets of a body that are kept; 0: no body is waited for */
} http_request;

/*
 * Begins. `done(self)` is called from the loop once *exchange is complete; all it points to lies in `arena`. Everything
 * given must live until then.
 */
void http_fetch(const http_client *client, const http_request *request, base_arena *arena, facts_exchange *exchange,
                void (*done)(void *self), void *self);

/*
 * The same for several questions on one connection, in place of the request's method and target: one after the other,
 * or over HTTP/2 all at once. `answers` is an array of the same length. The exchange has failed if the connection did
 * before all were answered; its response is that of the first. A server that closes in good order ends it early: see
 * http_answer.
 */
void http_fetch_all(const http_client *client, const http_request *request, const http_request_line *asks,
                    http_answer *answers, size_t count, base_arena *arena, facts_exchange *exchange,
                    void (*done)(void *self), void *self);

/*
 * The way alone: up to a connection on which HTTP/1.1 can be spoken, for http/pool.h. Unless the exchange has failed,
 * *stream is then the caller's: ready, paused, and without a sink. `request` needs no method and no target, and offers
 * HTTP/1.1 alone.
 */
typedef struct http_fetch_state http_connecting;
http_connecting *http_connect(const http_client *client, const http_request *request, base_arena *arena,
                              facts_exchange *exchange, io_stream **stream, void (*done)(void *self), void *self);
/* Ends it before `done`, which is then not called. */
void http_connect_cancel(http_connecting *connecting);

/* The proxy through which requests go in absolute-form, with its Proxy-Authorization: RFC 9112 3.2.2. NULL: none, or by
 * a tunnel. */
const http_proxy *http_absolute_proxy(const http_client *client, const http_request *request);

#endif
