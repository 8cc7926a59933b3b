/*
 * http/single.h: fields that may be sent several times only if they say the same. Where values of Content-Length,
 * Content-Disposition or Location differ, somebody may have written into the response, and browsers throw it away
 * whole.
 */
#ifndef HTTP_SINGLE_H
#define HTTP_SINGLE_H

#include "http/head.h"

/* The minor version of HTTP/1, or HTTP_SINGLE_FRAMED: what frames the body in another way has no use for
 * Content-Length. */
#define HTTP_SINGLE_FRAMED (-1)

/* HTTP_HEAD_DONE, or one of HTTP_HEAD_SEVERAL_.... */
HF_MUST_USE http_head_result http_single_check(http_reader reader, int minor, const hf_field *fields, size_t count);

#endif
