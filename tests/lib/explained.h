/*
 * tests/lib/explained.h: findings without those that say what follows from others, for tests that are about the others.
 */
#ifndef TESTS_EXPLAINED_H
#define TESTS_EXPLAINED_H

#include "findings/finding.h"

/* unit.rules_lockout tests lockout-now. */
static inline void leave_out_explanations(finding_list *list)
{
    size_t kept = 0;

    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].rule != RULE_LOCKOUT_NOW)
            list->items[kept++] = list->items[i];
    list->count = kept;
}

#endif
