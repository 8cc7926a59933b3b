/*
 * rules/judge.h: facts in, conclusions out. No clock and no network: the moment is an argument.
 */
#ifndef RULES_JUDGE_H
#define RULES_JUDGE_H

#include "rules/finding.h"

/* Texts are made in `arena`; the report also borrows from `site`. */
void rule_judge(const facts_site *site, int64_t at, base_arena *arena, rule_report *report);

/* Adds what only shows when several sites have been judged, in one run from one place. */
void rule_judge_together(facts_site *sites, rule_report *reports, size_t count);

#endif
