/*
 * serve/request.h: the head of an HTTP/1.1 request, taken apart strictly (RFC 9112). A pure function over bytes: no
 * I/O, no allocation.
 *
 * A server that reads on where the RFC says "invalid" comes to see other requests in the same bytes than those in front
 * of it or behind it (request smuggling). So all that the grammar does not know is refused: a line that ends in a bare
 * LF, a bare CR, a NUL, a folded line, a blank before a colon, Host missing or twice, Content-Length beside
 * Transfer-Encoding, twice, or not a number.
 */
#ifndef SERVE_REQUEST_H
#define SERVE_REQUEST_H

#include "http/response.h"

#include "holdfast/header.h"

#include <stdbool.h>

#define SERVE_REQUEST_HEAD_MAX 65536 /* octets of a head; more is answered with 431 */
#define SERVE_REQUEST_TARGET_MAX 8192
#define SERVE_REQUEST_FIELDS_MAX 100

/* RFC 9112 3.2 */
typedef enum serve_target {
    SERVE_TARGET_ORIGIN,    /* "/a?b" */
    SERVE_TARGET_ABSOLUTE,  /* "http://a.test/a?b": to a proxy */
    SERVE_TARGET_AUTHORITY, /* "a.test:443": of CONNECT */
    SERVE_TARGET_ASTERISK,  /* "*": of OPTIONS */
} serve_target;

typedef enum serve_request_result {
    SERVE_REQUEST_DONE,
    SERVE_REQUEST_MORE, /* the blank line that ends the head is not there yet */
    SERVE_REQUEST_BAD,  /* to be answered with `status`; and where the next request begins is not to be known */
} serve_request_result;

typedef struct serve_request {
    int status;      /* when bad: 400, 414, 417, 431, 501 or 505 */
    const char *why; /* when bad: what is wrong, in words */
    hf_span method, target;
    serve_target form;
    const char *version; /* "1.0", "1.1", "2" */
    /* The host that is asked, with its port if one is written: of the target if it names one, else of Host. May be
       empty. */
    hf_span authority;
    /* "/a?b"; of an absolute target what follows its authority, which may be empty; "*"; of CONNECT: empty. */
    hf_span path;
    facts_framing framing; /* of the body: none, length, chunked; over HTTP/2: none or frames */
    uint64_t length;       /* of the body, with FACTS_FRAMING_LENGTH */
    bool keeps;            /* the client wants the connection kept */
    bool expects;          /* it sends its body when it is told to go on (100) */
    size_t count;
    hf_field fields[SERVE_REQUEST_FIELDS_MAX];
} serve_request;

/* How far reading has come, so that a head which drips in octet by octet still costs linear time. All zero at the
   start. */
typedef struct serve_request_progress {
    size_t from;    /* where the head begins, behind a blank line in front of it */
    size_t line;    /* where the line begins that is being read */
    size_t scanned; /* up to here there is no end of the head */
    size_t lines;   /* lines that are whole */
} serve_request_progress;

/*
 * Reads the head from all that was received so far; `bytes` may only grow between calls with the same progress. With
 * SERVE_REQUEST_DONE, progress->scanned octets were taken, and the spans point into `bytes`; with SERVE_REQUEST_BAD
 * only status and why are set.
 */
HF_MUST_USE serve_request_result serve_request_parse(const char *bytes, size_t length, serve_request_progress *progress,
                                                     serve_request *request);

/* True if it is `method`; methods are case-sensitive. */
bool serve_request_is(const serve_request *request, const char *method);

#endif
