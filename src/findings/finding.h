/*
 * findings/finding.h: a rule that applies, where, what was seen that proves it, and what to do; and a list of such,
 * which grows: no finding is ever left out.
 */
#ifndef FINDINGS_FINDING_H
#define FINDINGS_FINDING_H

#include "base/memory.h"
#include "findings/catalogue.h"
#include "findings/place.h"

typedef struct finding {
    rule_id rule;
    hf_severity severity; /* that of the rule, unless it was changed */
    finding_place place;
    const char *proof;
    const char *fix; /* that of the rule, or what is better known of this case */
    uint64_t key;    /* of rule, place and proof: equal findings have equal ones */
} finding;

typedef struct finding_list {
    base_arena *arena; /* what it takes lives there */
    finding *items;
    size_t count, capacity;
} finding_list;

/*
 * Adds a finding, unless the same one is there: rule, place and proof. The proof is formatted into the arena, and of
 * one that is very long the beginning is kept, with "..." behind. Never NULL; valid until the next one is added.
 */
finding *finding_add(finding_list *list, const finding_place *place, rule_id rule, const char *proof, ...)
    BASE_PRINTF(4, 5);
finding *finding_vadd(finding_list *list, const finding_place *place, rule_id rule, const char *proof,
                      va_list arguments) BASE_PRINTF(4, 0);

/* The worst first; those of one severity stay in their order. */
void finding_sort(finding_list *list);

/* True if one is of `severity` or above. */
bool finding_reaches(const finding_list *list, hf_severity severity);

/* The first of that rule; NULL: there is none. */
const finding *finding_find(const finding_list *list, rule_id rule);

/* How many are of `severity`. */
size_t finding_count(const finding_list *list, hf_severity severity);

#endif
