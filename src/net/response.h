/*
 * net/response.h: what is asked on a connection, and what comes of it, whatever the version of HTTP.
 */
#ifndef NET_RESPONSE_H
#define NET_RESPONSE_H

#include "net/failure.h"

#include "base/memory.h"
#include "holdfast/header.h"

#include <stdbool.h>

/* One question; several may be put on one connection. */
typedef struct net_ask {
    const char *method; /* "GET" or "HEAD" */
    const char *target; /* "/" */
} net_ask;

/* How the end of a body is told (RFC 9112 6.3; HTTP/2 frames everything). */
typedef enum net_framing {
    NET_FRAMING_NONE, /* there is none: HEAD, 204, 304 */
    NET_FRAMING_LENGTH,
    NET_FRAMING_CHUNKED,
    NET_FRAMING_CLOSE,
    NET_FRAMING_FRAMES, /* HTTP/2 */
} net_framing;

typedef enum net_content_end {
    NET_CONTENT_UNREAD, /* nobody wanted it */
    NET_CONTENT_WHOLE,
    NET_CONTENT_CUT,       /* we had enough */
    NET_CONTENT_BROKEN,    /* the connection ended before it did */
    NET_CONTENT_MALFORMED, /* its framing is none */
    NET_CONTENT_TIMEOUT,
} net_content_end;

/* What was read of a body, as it came: never decompressed, so that a bomb is as small as it looks. */
typedef struct net_content {
    net_framing framing;
    net_content_end end;
    int64_t declared; /* Content-Length; -1: none, or none that is one number */
    uint64_t received;
    hf_span prefix; /* what is kept of it */
} net_content;

typedef struct net_response {
    const char *version; /* "1.0", "1.1", "2" */
    int status;
    hf_span reason;
    hf_span raw; /* of HTTP/2, where heads are compressed: the same in the form of HTTP/1.1, names as they came */
    size_t interim, skipped; /* as in net_head; in HTTP/2: fields that are none */
    const hf_field *fields;
    size_t count;
    int64_t received; /* by this machine's clock, Unix seconds */
    int64_t date;     /* of the Date field; HF_TIME_UNKNOWN: none, or unreadable */
    net_content content;
} net_response;

/* What came of one question. Neither response nor failure: it was never put, for the connection was closed in good order before. */
typedef struct net_answer {
    const net_response *response; /* NULL: none came */
    bool failed;
    net_failure failure; /* when failed */
} net_answer;

#define NET_CONTENT_MAX 262144 /* octets of a body that are passed over, for the sake of the next question */

/* The clock, and the Date field of a response whose fields are set. */
void net_response_clock(net_response *response);

#endif
