/*
 * rules/judge.h: facts in, conclusions out. No clock and no network: the moment is an argument.
 */
#ifndef RULES_JUDGE_H
#define RULES_JUDGE_H

#include "facts/files.h"
#include "findings/judgement.h"

/* Texts are made in `arena`; the judgement also borrows from `site`. */
void rule_judge(const facts_site *site, int64_t now, base_arena *arena, finding_judgement *judgement);

/* The same of a file that is to be served: by the rules that judge the certificates of a site, and those about its
 * key. */
void rule_judge_files(const facts_files *files, int64_t now, base_arena *arena, finding_judgement *judgement);

/* Adds what only shows when several sites have been judged, in one run from one place. Texts are made in the arenas of
 * the sites. */
void rule_judge_together(facts_site *sites, finding_judgement *judgements, size_t count);

#endif
