/*
 * rules/sts_field.h: what a browser makes of the Strict-Transport-Security header of a response: the only place that
 * judges one.
 */
#ifndef RULES_STS_FIELD_H
#define RULES_STS_FIELD_H

#include "facts/sts_field.h"

/* The values read so far: one that is the same octet by octet is read once. All zero but for `arena`: none yet. */
typedef struct rule_sts_values {
    base_arena *arena;
    facts_sts_value *items;
    size_t count, capacity;
} rule_sts_values;

/* The value, read; it may move when the next one is read. */
facts_sts_value rule_sts_value(rule_sts_values *values, hf_span value);

/*
 * The header of a response from `host`, as the engine takes it that knows no host yet. `values` NULL: notes are not
 * kept. `https` NULL, or without a response: no header.
 */
facts_sts_field rule_sts_field(const hf_host *host, const facts_exchange *https, int64_t now, rule_sts_values *values);

#endif
