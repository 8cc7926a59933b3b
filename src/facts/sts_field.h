/*
 * facts/sts_field.h: the Strict-Transport-Security header of a response, read by the engine and judged as a browser
 * would judge it.
 */
#ifndef FACTS_STS_FIELD_H
#define FACTS_STS_FIELD_H

#include "base/memory.h"
#include "facts/redirects.h"

#include "holdfast/hosts.h"

/* One value as it was sent, and what the engine reads in it. */
typedef struct facts_sts_value {
    hf_span value;
    bool valid;
    hf_policy policy;     /* of a valid value */
    const hf_note *notes; /* all of them, unless they were not to be kept */
    size_t note_count;
} facts_sts_value;

/* The header of one response. */
typedef struct facts_sts_field {
    const facts_hop *hop; /* whose response it is; NULL: it was judged by itself */
    size_t count;         /* STS fields in all; 0: none came */
    facts_sts_value sent; /* the first, which counts */
    hf_noted noted;       /* what becomes of it in a browser that knows no host yet */
    bool in_force;        /* a browser that gets this response holds a policy afterwards */
} facts_sts_field;

/* Reads a value; its notes are kept in `arena`, and not at all if that is NULL. */
facts_sts_value facts_sts_read(hf_span value, base_arena *arena);

/* The STS field that counts (RFC 6797 8.1); NULL: the response has none, or there is no response. */
const hf_field *facts_sts_first(const facts_response *response);

/* How many STS fields the response has. */
size_t facts_sts_count(const facts_response *response);

#endif
