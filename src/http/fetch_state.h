/*
 * http/fetch_state.h: one fetch on its way, for the files fetch*.c alone: fetch.c keeps the time and delivers,
 * fetch_connect.c gets to the host, fetch_http1.c and fetch_http2.c ask and read, fetch_head.c
 * reads the heads of HTTP/1.1 as browsers do.
 */
#ifndef HTTP_FETCH_STATE_H
#define HTTP_FETCH_STATE_H

#include "http/body.h"
#include "http/fetch.h"
#include "http/head.h"
#include "http/http2.h"
#include "http/race.h"

#include "base/buffer.h"
#include "holdfast/host.h"

typedef struct http_fetch_state http_fetch_state;

struct http_fetch_state {
    const http_client *client;
    const http_request *request;
    base_arena *arena;
    facts_exchange *exchange;
    void (*done)(void *self);
    void *self;
    io_stream **handed_over; /* where the connection goes, when nothing is to be asked on it; NULL: something is */
    /* The questions, and the one that is under way over HTTP/1.1. */
    const http_request_line *asks;
    http_answer *answers;
    size_t ask_count, current;
    http_request_line only_ask; /* where there is but one */
    http_answer only_answer;
    /* Time, and the end. */
    facts_phase phase;
    bool concluded; /* the timer's next call delivers the outcome */
    int64_t deadline, phase_started;
    io_timer *timer;
    /* The way to the host. */
    const http_proxy *proxy; /* NULL: none */
    const char *to;          /* where to, by the route */
    int to_port;
    dns_lookup *lookup;
    io_address *addresses; /* in the arena */
    facts_attempt *attempts;
    http_race *race;            /* NULL: it is over */
    size_t reached, reached_by; /* the address, and the attempt */
    io_stream *stream;
    tls_options tls;
    size_t legacy_attempts; /* how often the second try of a handshake has connected */
    facts_failure refusal;  /* how the first one failed */
    bool has_tls;           /* `stream` is a TLS stream */
    bool legacy_tls;        /* the second try is under way */
    bool tls_trusted;       /* the handshake showed no error; known where credentials may be sent */
    bool speaks_http2;
    /* HTTP/1.1 */
    base_buffer received; /* of the head under way */
    size_t held;          /* of the budget, for it */
    http_head_progress progress[HTTP_READERS];
    http_head_result results[HTTP_READERS]; /* HTTP_HEAD_MORE until that browser has read it */
    http_body body;
    facts_response *reading; /* its body is being read; NULL: a head is waited for */
    /* HTTP/2 */
    http2_session *http2; /* NULL: HTTP/1.1 is spoken */
};

/* -- fetch.c ------------------------------------------------------------------------------------------------------- */

/* Sets the timer for the phase that runs. */
void http_fetch_arm(http_fetch_state *f, int64_t now);
void http_fetch_enter(http_fetch_state *f, facts_phase phase);
/* The end: NULL, or what failed. The outcome is delivered from the loop, not from here: whoever is on the stack still
 * uses `f`. */
void http_fetch_conclude(http_fetch_state *f, const facts_failure *failure);
void http_fetch_fail(http_fetch_state *f, facts_code code);

/* -- fetch_connect.c ----------------------------------------------------------------------------------------------- */

void http_fetch_connect(http_fetch_state *f);
/* No time is left to connect. */
void http_fetch_connect_timeout(http_fetch_state *f);
/* As curl does: https always, and http too when the connection is to go elsewhere than the URL says. */
bool http_fetch_needs_tunnel(const http_fetch_state *f);

/* -- fetch_http1.c ------------------------------------------------------------------------------------------------- */

#define HTTP_AUTHORITY_MAX (HF_HOST_MAX + 16)

/* As http_browser_fields, of this request. */
size_t http_fetch_fields(const http_fetch_state *f, hf_field fields[static HTTP_FIELDS_MAX]);
/* What Host and :authority say. */
void http_fetch_authority(const http_request *request, char authority[static HTTP_AUTHORITY_MAX]);
/* Puts the first question. */
void http_fetch_http1_begin(http_fetch_state *f);
void http_fetch_http1_data(http_fetch_state *f, const char *bytes, size_t length);
/* The peer has closed, or the connection broke. */
void http_fetch_http1_end(http_fetch_state *f, const facts_failure *failure);
/* No more time: what came of a body is kept. */
void http_fetch_http1_timeout(http_fetch_state *f, const facts_failure *failure);

/* More of the body that is being read. */
void http_fetch_body_data(http_fetch_state *f, const char *bytes, size_t length);

/* -- fetch_head.c -------------------------------------------------------------------------------------------------- */

/* A head is to come. */
void http_fetch_head_begin(http_fetch_state *f);
/* More of it, and perhaps of what follows it. */
void http_fetch_head_data(http_fetch_state *f, const char *bytes, size_t length);
/* Nothing more of it will come. */
void http_fetch_head_end(http_fetch_state *f);

/* -- fetch_http2.c ------------------------------------------------------------------------------------------------- */

void http_fetch_http2_begin(http_fetch_state *f);
void http_fetch_http2_data(http_fetch_state *f, const char *bytes, size_t length);
/* The connection is over, however that came. */
void http_fetch_http2_end(http_fetch_state *f, const facts_failure *failure, facts_content_end end);

#endif
