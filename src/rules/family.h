/* rules/family.h: the rule families, each in a file of its own, for judge.c alone. */
#ifndef RULES_FAMILY_H
#define RULES_FAMILY_H

#include "rules/finding.h"

/* What all families work on. */
typedef struct rule_context {
    const facts_site *site;
    base_arena *arena;
    rule_report *report;
} rule_context;

/* A hop, with its number. */
finding_place rule_place(const rule_context *scene, const facts_hop *hop);
/* Adds a finding at a hop, as finding_add does: from there on its fix is that of the rule, until it is changed. */
finding *rule_add(const rule_context *scene, const facts_hop *hop, rule_id id, const char *proof, ...)
    BASE_PRINTF(4, 5);
/* The certificate that was sent as number `sent` of the chain, from 0 on; -1: one of the trust store. */
finding_place rule_certificate_place(const facts_hop *hop, int sent);
/* Adds one at another place. */
finding *rule_add_at(const rule_context *scene, finding_place place, rule_id id, const char *proof, ...)
    BASE_PRINTF(4, 5);

/* The rule about an HTTPS hop without a response; RULE_COUNT: that says nothing about the host, only that this machine could not
 * look. */
rule_id rule_of_failure(const facts_failure *failure);
/* For such a hop that has a rule. */
void rule_connection(const rule_context *scene, const facts_hop *hop);
/* What is wrong with the certificates of an HTTPS hop. */
void rule_certificate(const rule_context *scene, const facts_hop *hop);
/* What is wrong with the way in which they are sent, of an HTTPS hop. */
void rule_cert_chain(const rule_context *scene, const facts_hop *hop);
/* The OCSP response that came with them. */
void rule_staple(const rule_context *scene, const facts_hop *hop);
/* What other addresses and other names of the site show. */
void rule_address(const rule_context *scene);
/* Whose root the chain of the site ends at. */
void rule_interception(const rule_context *scene);
/* A moment, as proofs write it. */
const char *rule_time_text(base_arena *arena, int64_t time);
/* The STS fields of all HTTPS hops. */
void rule_hsts(const rule_context *scene);
/* Plain HTTP, and where it leads. */
void rule_http(const rule_context *scene);
/* Whether all answers of a host carry the same STS field. */
void rule_answers(const rule_context *scene);
/* The clocks. */
void rule_clock(const rule_context *scene);
/* Whether a network answers in place of the host. */
void rule_portal(const rule_context *scene);
/* Redirects that are no good, wherever they stand. */
void rule_redirect(const rule_context *scene);
/* What the DNS says of the names. */
void rule_dns(const rule_context *scene);
/* After all the others. */
void rule_verdict_of(const rule_context *scene);

/* True if the hop asked `host`, or a host below or above it. */
bool rule_is_same_site(const facts_hop *hop, const hf_host *host);

#endif
