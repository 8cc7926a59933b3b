/*
 * net/fetch.h: one request and what came of it: resolve, connect, a tunnel if a proxy asks for one, TLS, the head of the response,
 * and as much of its body as is wanted; or several on one connection. Any number may run on one loop at once.
 */
#ifndef NET_FETCH_H
#define NET_FETCH_H

#include "net/address.h"
#include "net/proxy.h"
#include "net/resolve.h"
#include "net/response.h"
#include "net/route.h"
#include "net/tls.h"

/* Milliseconds that each phase may take (connect: for each address, and for a proxy's tunnel), and all together. */
typedef struct net_limits {
    int64_t resolve, connect, tls, response, total;
} net_limits;

#define NET_LIMITS_DEFAULT ((net_limits){5000, 10000, 10000, 10000, 30000})

/* What a name resolves to, when that has been asked already (net/find.h); their ports do not count. */
typedef struct net_found {
    const char *name; /* NULL: nothing is known */
    const net_address *addresses;
    size_t count;
} net_found;

/* What all requests of a program share. Everything is borrowed. */
typedef struct net_client {
    net_loop *loop;
    net_resolver *resolver;
    const net_trust *trust;
    const net_route *route; /* NULL: none */
    net_limits limits;
    const net_proxies *proxies; /* NULL: none */
    net_family family;
    net_found found;
} net_client;

typedef struct net_request {
    const char *host; /* canonical; an IPv6 address without brackets */
    bool is_address;
    int port;
    bool secure;
    const char *method;         /* NULL: "GET" */
    const char *target;         /* "/" */
    const net_address *address; /* the one to connect to, whatever the name resolves to; NULL: the first that answers */
    bool nameless;              /* no SNI is sent: what is shown to who asks for no name */
    int64_t at;                 /* the moment at which certificates are to be valid */
    int64_t deadline;           /* of net_loop_now, besides the limits; 0: none */
    /* Send nothing when the handshake shows any TLS error: NET_TLS_CERTIFICATE; or agrees to HTTP/2 where browsers do not speak it:
       NET_HTTP2_BROKEN; and shake hands as browsers do alone. Otherwise a
       server that refuses what browsers offer is asked once more, with all that OpenSSL can, and that is then one of the errors. */
    bool faultless;
    bool brief;         /* as in net_tls_options */
    net_offer offer;    /* over TLS; in clear HTTP/1.1 is spoken */
    size_t content_max; /* octets of a body that are kept; 0: no body is waited for */
} net_request;

/* One try to connect. */
typedef struct net_attempt {
    const char *address;
    int port;
    bool connected;
    net_failure failure; /* unless connected */
} net_attempt;

typedef struct net_outcome {
    bool failed;
    const char *proxy;      /* the one that was used; NULL: none */
    net_failure failure;    /* when failed */
    const char **addresses; /* what the name resolved to */
    size_t address_count;
    net_attempt *attempts;
    size_t attempt_count;
    net_tls_report tls;
    const net_response *response;     /* NULL when none came */
    int64_t milliseconds[NET_PHASES]; /* spent in each net_phase; -1: not reached */
} net_outcome;

/*
 * Begins. `done(self)` is called from the loop once *outcome is complete; all it points to lies in `arena`. Everything given must
 * live until then.
 */
void net_fetch(const net_client *client, const net_request *request, base_arena *arena, net_outcome *outcome,
               void (*done)(void *self), void *self);

/*
 * The same for several questions on one connection, in place of the request's method and target: one after the other, or over
 * HTTP/2 all at once. `answers` is an array of the same length. The outcome has failed if the connection did before all were
 * answered; its response is that of the first. A server that closes in good order ends it early: see net_answer.
 */
void net_fetch_all(const net_client *client, const net_request *request, const net_ask *asks, net_answer *answers,
                   size_t count, base_arena *arena, net_outcome *outcome, void (*done)(void *self), void *self);

#endif
