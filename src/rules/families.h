/*
 * rules/families.h: the families of rules. A family is a file that ends with its rule_family, and a line of the table
 * in families.c.
 */
#ifndef RULES_FAMILIES_H
#define RULES_FAMILIES_H

#include "rules/context.h"

/* What a family has nothing to say about is NULL. All are called in the order of the table. */
typedef struct rule_family {
    const char *name;
    /* Each hop of every way in, one after the other. */
    void (*hop)(const rule_context *context, facts_way way, size_t index);
    /* The site as a whole, when all hops have been judged. */
    void (*site)(const rule_context *context);
    /* Several sites that were seen in one run from one place, when each has been judged. */
    void (*together)(const rule_context *contexts, size_t count);
} rule_family;

/* Those that judge certificates alone, which need no answer of a server. */
extern const rule_family *const rule_file_families[];
extern const size_t rule_file_family_count;

extern const rule_family *const rule_families[];
extern const size_t rule_family_count;

/* The verdict in words, with the worst of the findings, which are sorted. */
const char *rule_summary(const rule_context *context);

#endif
