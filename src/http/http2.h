/*
 * http/http2.h: the client's side of one HTTP/2 connection (RFC 9113) that carries all its questions at once: bytes in,
 * bytes out, and answers. No I/O of its own. Everything that a peer may send is bounded: frames by http/http2_frames.h,
 * a head and its fields as in HTTP/1.1 (http/head.h), a body by the flow control, which is never widened (65535 octets,
 * and what one frame more may hold).
 */
#ifndef HTTP_HTTP2_H
#define HTTP_HTTP2_H

#include "http/as_browser.h"
#include "http/budget.h"
#include "http/response.h"

typedef struct http2_session http2_session;

typedef struct http2_config {
    const char *authority;  /* as in Host */
    const hf_field *fields; /* of each request, behind the pseudo-header fields; needed in http2_new alone */
    size_t field_count;
    const http_request_line *asks;
    http_answer *answers; /* one for each ask; all zero */
    size_t count;
    size_t content_max;  /* octets of each body that are kept; 0: no body is read */
    base_arena *arena;   /* of the responses */
    http_clock *clock;   /* of the moments at which they came */
    http_budget *budget; /* NULL: none */
} http2_config;

/* Puts all questions. Everything is borrowed until http2_free. */
http2_session *http2_new(const http2_config *order);
void http2_free(http2_session *http2);

/* The next octets for the peer, until *length is 0; they are good until the next call of any of these functions. */
const char *http2_output(http2_session *http2, size_t *length);

/* What the peer sent. False, with the reason, when nothing more can come of the connection; then call http2_end. */
bool http2_input(http2_session *http2, const char *bytes, size_t length, facts_failure *failure);

/* True when every question has its answer, or its own failure. */
bool http2_is_done(const http2_session *http2);

/* The connection is over: questions without an answer fail with `failure`, bodies that are not whole end as `end` says;
 * and the peer is told by the last output. */
void http2_end(http2_session *http2, const facts_failure *failure, facts_content_end end);

#endif
