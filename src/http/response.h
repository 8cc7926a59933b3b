/*
 * http/response.h: what is asked on a connection, and what comes of it, whatever the version of HTTP.
 */
#ifndef HTTP_RESPONSE_H
#define HTTP_RESPONSE_H

#include "facts/failure.h"

#include "base/memory.h"
#include "holdfast/header.h"

#include <stdbool.h>

/* One question; several may be put on one connection. */
typedef struct http_request_line {
    const char *method; /* "GET" or "HEAD" */
    const char *target; /* "/" */
} http_request_line;

/* How the end of a body is told (RFC 9112 6.3; HTTP/2 frames everything). */
typedef enum http_framing {
    HTTP_FRAMING_NONE, /* there is none: HEAD, 204, 304 */
    HTTP_FRAMING_LENGTH,
    HTTP_FRAMING_CHUNKED,
    HTTP_FRAMING_CLOSE,
    HTTP_FRAMING_FRAMES, /* HTTP/2 */
} http_framing;

typedef enum http_content_end {
    HTTP_CONTENT_UNREAD, /* nobody wanted it */
    HTTP_CONTENT_WHOLE,
    HTTP_CONTENT_CUT,       /* we had enough */
    HTTP_CONTENT_BROKEN,    /* the connection ended before it did */
    HTTP_CONTENT_MALFORMED, /* its framing is none */
    HTTP_CONTENT_TIMEOUT,
} http_content_end;

/* What was read of a body, as it came: never decompressed, so that a bomb is as small as it looks. */
typedef struct http_content {
    http_framing framing;
    http_content_end end;
    int64_t declared; /* Content-Length; -1: none, or none that is one number */
    uint64_t received;
    hf_span prefix; /* what is kept of it */
} http_content;

typedef struct http_response {
    const char *version; /* "1.0", "1.1", "2" */
    int status;
    hf_span reason;
    hf_span raw; /* of HTTP/2, where heads are compressed: the same in the form of HTTP/1.1, names as they came */
    size_t interim, skipped; /* as in http_head; in HTTP/2: fields that are none */
    const hf_field *fields;
    size_t count;
    int64_t received; /* by this machine's clock, Unix seconds */
    int64_t date;     /* of the Date field; HF_TIME_UNKNOWN: none, or unreadable */
    http_content content;
} http_response;

/* What came of one question. Neither response nor failure: it was never put, for the connection was closed in good order before. */
typedef struct http_answer {
    const http_response *response; /* NULL: none came */
    bool failed;
    facts_failure failure; /* when failed */
} http_answer;

#define HTTP_CONTENT_MAX 262144 /* octets of a body that are passed over, for the sake of the next question */

/* The clock, and the Date field of a response whose fields are set. */
void http_response_clock(http_response *response);

#endif
