/*
 * facts/response.h: one HTTP response: its head, whole and in order, and what was read of its body.
 */
#ifndef FACTS_RESPONSE_H
#define FACTS_RESPONSE_H

#include "base/json.h"
#include "facts/failure.h"
#include "holdfast/header.h"
#include "holdfast/status.h"

/* symbol, name: the version of HTTP. The names of this page's tables are stable. */
#define FACTS_HTTP_MAP(X)                                                                                              \
    X(0_9, "0.9") /* no head: all that came is content */                                                              \
    X(1_0, "1.0")                                                                                                      \
    X(1_1, "1.1")                                                                                                      \
    X(1_2, "1.2") /* no standard has this one or those up to 2, but a status line may */                               \
    X(1_3, "1.3")                                                                                                      \
    X(1_4, "1.4")                                                                                                      \
    X(1_5, "1.5")                                                                                                      \
    X(1_6, "1.6")                                                                                                      \
    X(1_7, "1.7")                                                                                                      \
    X(1_8, "1.8")                                                                                                      \
    X(1_9, "1.9")                                                                                                      \
    X(2, "2")

typedef enum facts_http {
#define FACTS_X(symbol, name) FACTS_HTTP_##symbol,
    FACTS_HTTP_MAP(FACTS_X)
#undef FACTS_X
} facts_http;

/* symbol, name: what tells the end of a body (RFC 9112 6.3; HTTP/2 frames everything). */
#define FACTS_FRAMING_MAP(X)                                                                                           \
    X(NONE, "none") /* there is no body: HEAD, 204, 304 */                                                             \
    X(LENGTH, "length")                                                                                                \
    X(CHUNKED, "chunked")                                                                                              \
    X(CLOSE, "close")                                                                                                  \
    X(FRAMES, "frames") /* HTTP/2 */

typedef enum facts_framing {
#define FACTS_X(symbol, name) FACTS_FRAMING_##symbol,
    FACTS_FRAMING_MAP(FACTS_X)
#undef FACTS_X
} facts_framing;

/* symbol, name: how the reading of a body ended. */
#define FACTS_CONTENT_MAP(X)                                                                                           \
    X(UNREAD, "unread") /* the request did not want it */                                                              \
    X(WHOLE, "whole")                                                                                                  \
    X(CUT, "cut")             /* enough was read */                                                                    \
    X(BROKEN, "broken")       /* the connection ended before the body did */                                           \
    X(MALFORMED, "malformed") /* its framing cannot be read */                                                         \
    X(TIMEOUT, "timeout")

typedef enum facts_content_end {
#define FACTS_X(symbol, name) FACTS_CONTENT_##symbol,
    FACTS_CONTENT_MAP(FACTS_X)
#undef FACTS_X
} facts_content_end;

const char *facts_http_name(facts_http version);
const char *facts_framing_name(facts_framing framing);
const char *facts_content_end_name(facts_content_end end);

/* A body, or its beginning, as it came: never decompressed, so that a bomb is as small as it looks. */
typedef struct facts_content {
    facts_framing framing;
    facts_content_end end;
    int64_t declared; /* Content-Length; -1: none, or none that is one number */
    uint64_t received;
    hf_span prefix; /* what was kept */
} facts_content;

/* What one engine makes of the octets of a response. */
typedef struct facts_reading {
    const facts_failure *failure; /* NULL: it reads the response */
    const struct facts_response *response;
} facts_reading;

typedef struct facts_response {
    facts_http version;
    int status;
    hf_span reason;
    hf_span
        raw; /* the head; of HTTP/2, where heads are compressed: the same in the form of HTTP/1.1, names as they came */
    size_t interim; /* 1xx responses before it */
    size_t skipped; /* lines of the head that are no field and were passed over */
    const hf_field *fields;
    size_t count;
    int64_t received; /* when the head came, by this machine's clock, Unix seconds: never a pretended moment */
    int64_t date;     /* of the Date field; HF_TIME_UNKNOWN: none, or unreadable */
    facts_content content;
} facts_response;

/* The first field of that name, in either case; NULL without one. */
const hf_field *facts_response_field(const facts_response *response, const char *name);

/* NULL gives null. */
/* What a firewall or a rate limit answers to a program: browsers may get the page, and its fields. */
bool facts_response_is_refusal(const facts_response *response);

void facts_response_json(const facts_response *response, base_json *json);

#endif
