/*
 * rules/judge.h: facts in, conclusions out. No clock and no network: the moment is an argument.
 */
#ifndef RULES_JUDGE_H
#define RULES_JUDGE_H

#include "rules/finding.h"

/* Texts are made in `arena`; the report also borrows from `facts`. */
void rule_judge(const facts_host *facts, int64_t at, base_arena *arena, rule_report *report);

/* True if a finding is of `severity` or above. */
bool rule_report_reaches(const rule_report *report, hf_severity severity);

#endif
