/*
 * rules/finding.h: what rules conclude: findings, and the one plain verdict.
 */
#ifndef RULES_FINDING_H
#define RULES_FINDING_H

#include "facts/host.h"
#include "rules/catalogue.h"

#include "holdfast/hosts.h"

#define RULE_FINDINGS_MAX 64

/* A rule that applies, and what was seen that proves it. */
typedef struct rule_finding {
    rule_id id;
    const char *proof;
} rule_finding;

/* What a visitor meets. */
typedef enum rule_access {
    RULE_ACCESS_OPEN,       /* gets in */
    RULE_ACCESS_WARNED,     /* a warning that can be clicked away */
    RULE_ACCESS_LOCKED_OUT, /* an error page without a way round (RFC 6797 8.4) */
    RULE_ACCESS_NONE,       /* no page at all: no connection, no TLS, no response */
} rule_access;

/* "open", "warned", "locked-out", "none" */
const char *rule_access_name(rule_access access);

typedef struct rule_verdict {
    bool looked;    /* false: this machine could not look, and nothing else is known */
    bool in_force;  /* a browser that gets this response holds a policy afterwards */
    hf_noted noted; /* what becomes of the STS field in a browser; without a response: HF_NOTED_IGNORED_NO_FIELD */
    rule_access first_visit;   /* of somebody whose browser holds no policy for the host */
    rule_access later_visit;   /* of somebody whose browser does */
    int64_t certificate_until; /* the first expiry in the chain; HF_TIME_UNKNOWN without one */
    int64_t policy_until;      /* for who visits now; HF_TIME_UNKNOWN unless in force */
} rule_verdict;

typedef struct rule_report {
    int64_t at;
    rule_verdict verdict;
    const char *summary; /* the verdict in one or two sentences */
    rule_finding findings[RULE_FINDINGS_MAX];
    size_t count;
    const hf_field *field; /* the STS field that counts; NULL: none came */
    size_t field_count;    /* STS fields in all */
    bool field_valid;
    hf_policy policy;     /* of a valid field */
    const hf_note *notes; /* all of them */
    size_t note_count;
} rule_report;

#endif
