/*
 * http/head.h: the head of an HTTP/1.1 response, taken apart. A pure function over bytes: no I/O, no allocation.
 *
 * It reads as browsers do, for what they understand is what counts: a line may end in a bare LF, blanks in front of a
 * colon are passed over, and so are blank lines in front of the head and a line that is no field at all. Folded lines
 * stay in the value as they were sent; the reader of the STS field knows them, when they end in CR LF (http_head_unfold
 * is for the others). Everything is a span of the bytes given, in the order in which it came, duplicates included.
 */
#ifndef HTTP_HEAD_H
#define HTTP_HEAD_H

#include "holdfast/header.h"

#define HTTP_HEAD_MAX                                                                                                  \
    262144 /* octets of all heads of one response together, interim ones (1xx) included; as Chromium */
#define HTTP_HEAD_FIELDS_MAX 4096 /* fields of one head */
#define HTTP_HEAD_INTERIM_MAX 100 /* interim responses in front of the final one */
#define HTTP_HEAD_BLANKS_MAX 16   /* octets of CR and LF in front of heads */

typedef enum http_head_result {
    HTTP_HEAD_DONE,
    HTTP_HEAD_MORE,            /* the blank line that ends a head is not there yet */
    HTTP_HEAD_NOT_HTTP,        /* does not begin with "HTTP/1." and a status */
    HTTP_HEAD_TOO_LONG,        /* beyond HTTP_HEAD_MAX */
    HTTP_HEAD_TOO_MANY_FIELDS, /* beyond HTTP_HEAD_FIELDS_MAX */
    HTTP_HEAD_TOO_MANY_HEADS,  /* beyond HTTP_HEAD_INTERIM_MAX */
} http_head_result;

typedef struct http_head {
    int minor; /* HTTP/1.minor */
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
    size_t from;        /* where the head that is being read begins: behind the interim ones */
    size_t scanned;     /* up to here there is no end of it */
    size_t interim;     /* interim responses passed over */
    size_t blanks;      /* octets of blank lines passed over */
    bool shows_interim; /* set by the caller: an interim response is a head as any other, and the next call reads on
                           behind it */
} http_head_progress;

/*
 * Reads the final head from all that was received so far; `bytes` may only grow between calls with the same progress.
 * *head is to be used with HTTP_HEAD_DONE only, and its spans point into `bytes`.
 */
HF_MUST_USE http_head_result http_head_parse(const char *bytes, size_t length, http_head_progress *progress,
                                             http_head *head);

/* Makes blanks of the bare LFs of a value: RFC 9112 5.2, "replace each received obs-fold with one or more SP octets".
 */
void http_head_unfold(char *value, size_t length);

#endif
