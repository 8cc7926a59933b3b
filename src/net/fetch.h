/*
 * net/fetch.h: one request and what came of it: resolve, connect, a tunnel if a proxy asks for one, TLS, one GET, the head of the
 * response. Any number may run on one loop at once.
 */
#ifndef NET_FETCH_H
#define NET_FETCH_H

#include "net/address.h"
#include "net/http_head.h"
#include "net/proxy.h"
#include "net/resolve.h"
#include "net/route.h"
#include "net/tls.h"

/* Milliseconds that each phase may take (connect: for each address, and for a proxy's tunnel), and all together. */
typedef struct net_limits {
    int64_t resolve, connect, tls, response, total;
} net_limits;

#define NET_LIMITS_DEFAULT ((net_limits){5000, 10000, 10000, 10000, 30000})

/* What a name resolves to, when that has been asked already (net/find.h); their ports do not count. */
typedef struct net_known {
    const char *name; /* NULL: nothing is known */
    const net_address *addresses;
    size_t count;
} net_known;

/* What all requests of a program share. Everything is borrowed. */
typedef struct net_client {
    net_loop *loop;
    net_resolver *resolver;
    const net_trust *trust;
    const net_route *route; /* NULL: none */
    net_limits limits;
    const net_proxies *proxies; /* NULL: none */
    net_family family;
    net_known known;
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
    bool faultless;             /* send nothing when the handshake shows any TLS error: NET_TLS_CERTIFICATE */
} net_request;

/* One try to connect. */
typedef struct net_attempt {
    const char *address;
    int port;
    bool connected;
    net_failure failure; /* unless connected */
} net_attempt;

typedef struct net_response {
    int minor, status;
    hf_span reason, raw;
    size_t interim, skipped; /* as in net_head */
    const hf_field *fields;
    size_t count;
} net_response;

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

#endif
