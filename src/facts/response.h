/*
 * facts/response.h: one HTTP response: its head, whole and in order.
 */
#ifndef FACTS_RESPONSE_H
#define FACTS_RESPONSE_H

#include "base/json.h"
#include "holdfast/header.h"

typedef struct facts_response {
    int minor, status; /* HTTP/1.minor */
    hf_span reason, raw;
    size_t interim; /* 1xx responses before it */
    size_t skipped; /* lines of the head that are no field */
    const hf_field *fields;
    size_t count;
} facts_response;

/* NULL gives null. */
void facts_response_json(const facts_response *response, base_json *json);

#endif
