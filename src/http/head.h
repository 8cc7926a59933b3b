/*
 * http/head.h: the head of an HTTP/1.1 response, taken apart. A pure function over bytes: no I/O, no allocation.
 *
 * It reads as browsers do, for what they understand is what counts; and since they do not all read alike, the caller
 * says as whom (http_reader). To all of them a line may end in a bare LF, a few octets in front of the status line and
 * a line that is no field are passed over, what does not begin as HTTP may be a page of HTTP/0.9, and a head in which
 * two values differ that must not is refused. Folded lines stay in the value as they were sent; the reader of the STS
 * field knows them, when they end in CR LF (http_head_unfold is for the others). Everything is a span of the bytes
 * given, in the order in which it came, duplicates included.
 */
#ifndef HTTP_HEAD_H
#define HTTP_HEAD_H

#include "facts/failure.h"
#include "holdfast/header.h"

/* Octets of all heads of one response together, interim ones (1xx) included: as Firefox, and as Chromium. */
#define HTTP_HEAD_MAX 393216
#define HTTP_HEAD_CHROMIUM_MAX 262144
#define HTTP_HEAD_FIELDS_MAX 4096 /* fields of one head */
#define HTTP_HEAD_INTERIM_MAX 100 /* interim responses in front of the final one */
#define HTTP_HEAD_SLOP_MAX 4      /* octets of any kind in front of a status line; as Chromium and Firefox */

/* As whom a head is read: net/http of Chromium 156 (http_stream_parser.cc, http_response_headers.cc), or
 * netwerk/protocol/http of Firefox 153 (nsHttpTransaction.cpp, nsHttpResponseHead.cpp, nsHttpHeaderArray.cpp). Both are
 * measured. */
typedef enum http_reader { HTTP_READER_CHROMIUM, HTTP_READER_FIREFOX, HTTP_READERS } http_reader;

typedef enum http_head_result {
    HTTP_HEAD_DONE,
    HTTP_HEAD_MORE,             /* the blank line that ends a head is not there yet */
    HTTP_HEAD_NOT_HTTP,         /* does not begin as HTTP */
    HTTP_HEAD_TOO_LONG,         /* beyond what the reader reads */
    HTTP_HEAD_TOO_MANY_FIELDS,  /* beyond HTTP_HEAD_FIELDS_MAX */
    HTTP_HEAD_TOO_MANY_HEADS,   /* beyond HTTP_HEAD_INTERIM_MAX */
    HTTP_HEAD_EMPTY,            /* the peer closed before it sent anything */
    HTTP_HEAD_CUT,              /* the peer closed within the head */
    HTTP_HEAD_NUL,              /* there is a NUL in it */
    HTTP_HEAD_BAD_STATUS,       /* its status is no number of up to three digits */
    HTTP_HEAD_SEVERAL_LENGTHS,  /* several values of Content-Length differ */
    HTTP_HEAD_SEVERAL_CONTENTS, /* of Content-Disposition */
    HTTP_HEAD_SEVERAL_LOCATIONS,
    HTTP_HEAD_RESULTS
} http_head_result;

typedef struct http_head {
    bool headless; /* HTTP/0.9: all that came is content */
    int minor;     /* HTTP/1.minor */
    int status;
    hf_span reason; /* may be empty */
    hf_span raw;    /* the final head, status line to blank line */
    size_t skipped; /* lines that are no field and were passed over */
    size_t count;
    hf_field fields[HTTP_HEAD_FIELDS_MAX];
} http_head;

/* How far reading has come, so that a head which drips in octet by octet still costs linear time. All zero at the
 * start. */
typedef struct http_head_progress {
    size_t behind;  /* the interim responses end here */
    size_t from;    /* where the head that is being read begins: behind them, and a few octets more */
    size_t scanned; /* up to here there is no end of it */
    size_t interim; /* interim responses passed over */
    bool has_start; /* `from` is where a status line begins */
    /* Set by the caller. */
    http_reader reader;
    bool shows_interim; /* an interim response is a head as any other, and the next call reads on behind it */
    bool upgrades;      /* 101 is final: an upgrade was asked for */
    bool old;           /* what does not begin as HTTP is a page of HTTP/0.9: to Chromium at the scheme's own port */
    bool over;          /* the peer has closed: nothing follows */
    bool secure;        /* over TLS, where Chromium takes a head that is cut short for none */
} http_head_progress;

/*
 * Reads the final head from all that was received so far; `bytes` may only grow between calls with the same progress.
 * *head is to be used with HTTP_HEAD_DONE only, and its spans point into `bytes`.
 */
HF_MUST_USE http_head_result http_head_parse(const char *bytes, size_t length, http_head_progress *progress,
                                             http_head *head);

/* What failed, of a result that is neither HTTP_HEAD_DONE nor HTTP_HEAD_MORE. */
facts_code http_head_failure(http_head_result result);

/* Makes blanks of the line ends in a value that are not CR LF: RFC 9112 5.2, "replace each received obs-fold with one
 * or more SP octets". A CR that no LF follows ends a line to Chromium alone. */
void http_head_unfold(http_reader reader, char *value, size_t length);

/* RFC 9110 5.6.2: a character that a token may have. */
bool http_head_is_token(char c);

#endif
