/* rules/family.h: the rule families, each in a file of its own, for judge.c alone. */
#ifndef RULES_FAMILY_H
#define RULES_FAMILY_H

#include "rules/finding.h"

/* Adds a finding; `proof` is formatted into the arena. */
void rule_add(rule_report *report, base_arena *arena, rule_id id, const char *proof, ...)
    __attribute__((format(printf, 4, 5)));

void rule_connection(const facts_host *facts, base_arena *arena, rule_report *report);
void rule_certificate(const facts_host *facts, base_arena *arena, rule_report *report);
void rule_hsts(const facts_host *facts, base_arena *arena, rule_report *report);
void rule_verdict_of(const facts_host *facts, base_arena *arena, rule_report *report);

#endif
