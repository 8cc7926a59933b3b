/*
 * net/fetch_state.h: one fetch on its way, for the files fetch*.c alone: fetch.c keeps the time and delivers, fetch_connect.c gets
 * to the host, fetch_http1.c and fetch_http2.c ask and read.
 */
#ifndef NET_FETCH_STATE_H
#define NET_FETCH_STATE_H

#include "net/fetch.h"
#include "net/http2.h"
#include "net/http_body.h"
#include "net/http_head.h"

#include "base/buffer.h"
#include "holdfast/host.h"

typedef struct net_fetching {
    const net_client *client;
    const net_request *request;
    base_arena *arena;
    net_outcome *outcome;
    void (*done)(void *self);
    void *self;
    /* The questions, and the one that is under way over HTTP/1.1. */
    const net_ask *asks;
    net_answer *answers;
    size_t ask_count, current;
    net_ask only_ask; /* where there is but one */
    net_answer only_answer;
    /* Time, and the end. */
    net_phase phase;
    int64_t deadline, phase_started;
    net_timer *timer;
    bool concluded; /* the timer's next call delivers the outcome */
    /* The way to the host. */
    const net_proxy *proxy; /* NULL: none */
    const char *to;         /* where to, by the route */
    int to_port;
    net_lookup *lookup;
    net_address *addresses; /* in the arena */
    size_t next;            /* the address to try next */
    net_stream *stream;
    bool has_tls; /* `stream` is a TLS stream */
    net_tls_options tls;
    bool lenient;        /* the second try of a handshake is under way */
    net_failure refusal; /* how the first one failed */
    /* HTTP/1.1 */
    base_buffer received; /* of the head under way */
    net_head_progress progress;
    net_body body;
    net_response *reading; /* its body is being read; NULL: a head is waited for */
    /* HTTP/2 */
    net_http2 *http2; /* NULL: HTTP/1.1 is spoken */
} net_fetching;

/* -- fetch.c ------------------------------------------------------------------------------------------------------------------ */

/* Sets the timer for the phase that runs. */
void net_fetch_arm(net_fetching *f, int64_t now);
void net_fetch_enter(net_fetching *f, net_phase phase);
/* The end: NULL, or what failed. The outcome is delivered from the loop, not from here: whoever is on the stack still uses `f`. */
void net_fetch_conclude(net_fetching *f, const net_failure *failure);
void net_fetch_fail(net_fetching *f, net_code code);

/* -- fetch_connect.c ---------------------------------------------------------------------------------------------------------- */

void net_fetch_connect(net_fetching *f);
/* The address that is being tried has failed; `go_on`: there is time for another. */
void net_fetch_next_address(net_fetching *f, const net_failure *failure, bool go_on);
/* As curl does: https always, and http too when the connection is to go elsewhere than the URL says. */
bool net_fetch_needs_tunnel(const net_fetching *f);

/* -- fetch_http1.c ------------------------------------------------------------------------------------------------------------ */

#define NET_AUTHORITY_MAX (HF_HOST_MAX + 16)

/* What Host and :authority say. */
void net_fetch_authority(const net_request *request, char authority[static NET_AUTHORITY_MAX]);
/* Puts the first question. */
void net_fetch_http1_begin(net_fetching *f);
void net_fetch_http1_data(net_fetching *f, const char *bytes, size_t length);
/* The peer has closed, or the connection broke. */
void net_fetch_http1_end(net_fetching *f, const net_failure *failure);
/* No more time: what came of a body is kept. */
void net_fetch_http1_timeout(net_fetching *f, const net_failure *failure);

/* -- fetch_http2.c ------------------------------------------------------------------------------------------------------------ */

void net_fetch_http2_begin(net_fetching *f);
void net_fetch_http2_data(net_fetching *f, const char *bytes, size_t length);
/* The connection is over, however that came. */
void net_fetch_http2_end(net_fetching *f, const net_failure *failure, net_content_end end);

#endif
