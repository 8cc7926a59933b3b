/*
 * http/http2_fields.h: what browsers take for the head of an HTTP/2 response, field by field: net/spdy and quiche of
 * Chromium 156, Http2Compression.cpp and Http2StreamBase.cpp of Firefox 153; measured. Neither minds the fields of a
 * connection (RFC 9113 8.2.2), but for Chromium Transfer-Encoding. A pure function: no I/O, no allocation.
 */
#ifndef HTTP_HTTP2_FIELDS_H
#define HTTP_HTTP2_FIELDS_H

#include "http/head.h"

#define HTTP2_CHROMIUM_MAX 262144 /* octets of a head, 32 more for each field, as RFC 9113 6.5.2 counts */

/* All zero at the start of a head. */
typedef struct http2_head {
    bool regular;                     /* a field that is no pseudo-field came */
    bool has_status;                  /* :status came */
    size_t octets;                    /* as HTTP2_CHROMIUM_MAX counts */
    int status[HTTP_READERS];         /* as each reads it */
    facts_code refused[HTTP_READERS]; /* FACTS_FAILURE_NONE: that browser takes the head so far */
} http2_head;

/* The next field. True if it is no pseudo-field. */
bool http2_head_field(http2_head *head, hf_span name, hf_span value);

/* The head is complete: without :status it is refused, and so is a switch to another protocol. */
void http2_head_end(http2_head *head);

#endif
