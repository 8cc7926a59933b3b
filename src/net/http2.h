/*
 * net/http2.h: the client's side of one HTTP/2 connection (RFC 9113) that carries all its questions at once: bytes in, bytes out,
 * and answers. No I/O of its own. Everything that a peer may send is bounded: frames by net/http2_frames.h, a head and its fields as
 * in HTTP/1.1 (net/http_head.h), a body by the flow control, which is never widened
 * (65535 octets, and what one frame more may hold).
 */
#ifndef NET_HTTP2_H
#define NET_HTTP2_H

#include "net/response.h"

typedef struct net_http2 net_http2;

typedef struct net_http2_order {
    const char *authority; /* as in Host */
    const net_ask *asks;
    net_answer *answers; /* one for each ask; all zero */
    size_t count;
    size_t content_max; /* octets of each body that are kept; 0: no body is read */
    base_arena *arena;  /* of the responses */
} net_http2_order;

/* Puts all questions. Everything is borrowed until net_http2_free. */
net_http2 *net_http2_new(const net_http2_order *order);
void net_http2_free(net_http2 *http2);

/* The next octets for the peer, until *length is 0; they are good until the next call of any of these functions. */
const char *net_http2_output(net_http2 *http2, size_t *length);

/* What the peer sent. False, with the reason, when nothing more can come of the connection; then call net_http2_end. */
bool net_http2_input(net_http2 *http2, const char *bytes, size_t length, net_failure *failure);

/* True when every question has its answer, or its own failure. */
bool net_http2_is_done(const net_http2 *http2);

/* The connection is over: questions without an answer fail with `failure`, bodies that are not whole end as `end` says; and the
 * peer is told by the last output. */
void net_http2_end(net_http2 *http2, const net_failure *failure, net_content_end end);

#endif
