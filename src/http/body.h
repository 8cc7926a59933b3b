/*
 * http/body.h: where the body of an HTTP/1.1 response, or request, ends. A pure function over bytes: no I/O, no
 * allocation, and nothing is decompressed.
 */
#ifndef HTTP_BODY_H
#define HTTP_BODY_H

#include "http/head.h"
#include "http/response.h"

#define HTTP_BODY_LINE_MAX 1024     /* octets of a chunk's size and extensions, and of one line behind the last chunk */
#define HTTP_BODY_TRAILERS_MAX 8192 /* octets of all lines behind the last chunk */

typedef enum http_body_result {
    HTTP_BODY_MORE,
    HTTP_BODY_DONE,
    HTTP_BODY_MALFORMED, /* and where the next response would begin is not to be known */
} http_body_result;

typedef enum http_body_state {
    HTTP_BODY_IN_CONTENT,
    HTTP_BODY_IN_SIZE,      /* the digits of a chunk's size */
    HTTP_BODY_IN_EXTENSION, /* what stands behind them, up to the end of the line */
    HTTP_BODY_IN_CRLF,      /* behind a chunk */
    HTTP_BODY_IN_TRAILER,
    HTTP_BODY_AT_END,
    HTTP_BODY_IN_RUIN,
} http_body_state;

typedef struct http_body {
    facts_framing framing;
    int64_t declared; /* as in facts_content */
    http_body_state state;
    uint64_t left;   /* octets of the content, or of the chunk */
    size_t line;     /* octets of the line so far; of a size: digits */
    size_t trailers; /* octets of all trailer lines */
    bool after_cr;
    bool strict; /* a line ends in CR LF, and nothing stands between a chunk's size and its end or its extensions */
    bool keeps;  /* the connection may be used again once the body is over */
} http_body;

/* What Content-Length says; -1: nothing, or nothing that is one number. */
int64_t http_body_declared(const hf_field *fields, size_t count);

/* From the final head of a response to a request that was HEAD, or not. */
void http_body_begin(http_body *body, const http_head *head, bool is_head);

/* Of a request, whose framing is FACTS_FRAMING_LENGTH or FACTS_FRAMING_CHUNKED. It is read strictly. */
void http_body_begin_request(http_body *body, facts_framing framing, uint64_t length);

/*
 * Reads on, up to the next piece of content: *used octets were taken, *content (which points into `bytes`, and may be
 * empty) is the piece. Call it again with the rest until all is used or the result is not HTTP_BODY_MORE. What follows
 * HTTP_BODY_DONE is not taken.
 */
http_body_result http_body_read(http_body *body, const char *bytes, size_t length, size_t *used, hf_span *content);

/* The peer has closed: true if that is where the body ends. */
bool http_body_may_end(const http_body *body);

#endif
