/*
 * facts/response.h: one HTTP response: its head, whole and in order, and what was read of its body.
 */
#ifndef FACTS_RESPONSE_H
#define FACTS_RESPONSE_H

#include "base/json.h"
#include "holdfast/header.h"
#include "holdfast/status.h"

/* A body, or its beginning, as it came: never decompressed. */
typedef struct facts_content {
    const char
        *framing; /* what tells its end: "none" (there is no body), "length", "chunked", "close", "frames" (HTTP/2) */
    const char *end;  /* "unread", "whole", "cut" (enough was read), "broken", "malformed", "timeout" */
    int64_t declared; /* Content-Length; -1: none */
    uint64_t received;
    hf_span prefix; /* what was kept */
} facts_content;

typedef struct facts_response {
    const char *version; /* of HTTP: "1.0", "1.1", "2" */
    int status;
    hf_span reason;
    hf_span raw;    /* the head; of HTTP/2, where heads are compressed, written as in HTTP/1.1 */
    size_t interim; /* 1xx responses before it */
    size_t skipped; /* lines of the head that are no field */
    const hf_field *fields;
    size_t count;
    int64_t received; /* when the head came, by this machine's clock */
    int64_t date;     /* what its Date says; HF_TIME_UNKNOWN: nothing that can be read */
    facts_content content;
} facts_response;

/* NULL gives null. */
void facts_response_json(const facts_response *response, base_json *json);

#endif
