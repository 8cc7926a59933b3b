/* rules/context.h: what every family of rules works on, and how it says what it found. */
#ifndef RULES_CONTEXT_H
#define RULES_CONTEXT_H

#include "facts/site.h"
#include "findings/judgement.h"
#include "rules/sts_field.h"

typedef struct rule_context {
    const facts_site *site;
    base_arena *arena;
    finding_judgement *judgement;
    rule_sts_values *values; /* STS values that were read */
} rule_context;

/* -- Findings ------------------------------------------------------------------------------------------------------ */

/* Adds a finding at a hop, as finding_add does: from there on its fix is that of the rule, until it is changed. */
finding *rule_add(const rule_context *context, const facts_hop *hop, rule_id id, const char *proof, ...)
    BASE_PRINTF(4, 5);
/* Adds one at another place. */
finding *rule_add_at(const rule_context *context, finding_place place, rule_id id, const char *proof, ...)
    BASE_PRINTF(4, 5);

/* A hop, with its number. */
finding_place rule_place(const rule_context *context, const facts_hop *hop);
/* The certificate that was sent as number `sent` of the chain, from 0 on; -1: one of the trust store. */
finding_place rule_certificate_place(const facts_hop *hop, int sent);

/* What others sent, as proofs write it: escaped, and behind `max` octets cut, with `more` in place of the rest. */
const char *rule_escaped(hf_span octets, size_t max, const char *more, base_arena *arena);

/* A moment, as proofs write it. */
const char *rule_time_text(base_arena *arena, int64_t time);

/* -- Facts that several families ask for --------------------------------------------------------------------------- */

/* The rule about an HTTPS hop without a response; RULE_COUNT: the failure says nothing about the host, only that this
 * machine could not look. */
rule_id rule_of_failure(const facts_failure *failure);

/* What is wrong with the certificate for the name of this hop, and nothing else. */
void rule_judge_name(const rule_context *context, const facts_hop *hop);
/* True if what ends at `until`, on a path from the server's certificate `leaf`, is late to be renewed: by the one
 * threshold of all rules, facts_warn_before. */
bool rule_is_late(const rule_context *context, const facts_certificate *leaf, int64_t until);

/* Nothing answers at www, neither over HTTPS nor on port 80: nothing invites visitors there. */
bool rule_is_www_unused(const facts_site *site);

#endif
