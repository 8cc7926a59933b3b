/*
 * net/http_body.h: where the body of an HTTP/1.1 response ends. A pure function over bytes: no I/O, no allocation, and nothing is
 * decompressed.
 */
#ifndef NET_HTTP_BODY_H
#define NET_HTTP_BODY_H

#include "net/http_head.h"
#include "net/response.h"

#define NET_BODY_LINE_MAX 1024     /* octets of a chunk's size and extensions, and of one line behind the last chunk */
#define NET_BODY_TRAILERS_MAX 8192 /* octets of all lines behind the last chunk */

typedef enum net_body_result {
    NET_BODY_MORE,
    NET_BODY_DONE,
    NET_BODY_MALFORMED, /* and where the next response would begin is not to be known */
} net_body_result;

typedef enum net_body_state {
    NET_BODY_IN_CONTENT,
    NET_BODY_IN_SIZE,      /* the digits of a chunk's size */
    NET_BODY_IN_EXTENSION, /* what stands behind them, up to the end of the line */
    NET_BODY_IN_CRLF,      /* behind a chunk */
    NET_BODY_IN_TRAILER,
    NET_BODY_AT_END,
    NET_BODY_IN_RUIN,
} net_body_state;

typedef struct net_body {
    net_framing framing;
    int64_t declared; /* as in net_content */
    net_body_state state;
    uint64_t left;   /* octets of the content, or of the chunk */
    size_t line;     /* octets of the line so far; of a size: digits */
    size_t trailers; /* octets of all trailer lines */
    bool after_cr;
    bool keeps; /* the connection may be used again once the body is over */
} net_body;

/* What Content-Length says; -1: nothing, or nothing that is one number. */
int64_t net_body_declared(const hf_field *fields, size_t count);

/* From the final head of a response to a request that was HEAD, or not. */
void net_body_begin(net_body *body, const net_head *head, bool is_head);

/*
 * Reads on, up to the next piece of content: *used octets were taken, *content (which points into `bytes`, and may be empty) is the
 * piece. Call it again with the rest until all is used or the result is not NET_BODY_MORE. What follows NET_BODY_DONE is not taken.
 */
net_body_result net_body_read(net_body *body, const char *bytes, size_t length, size_t *used, hf_span *content);

/* The peer has closed: true if that is where the body ends. */
bool net_body_may_end(const net_body *body);

#endif
