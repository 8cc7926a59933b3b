/*
 * rules/finding.h: what rules conclude: findings, and the one plain verdict.
 */
#ifndef RULES_FINDING_H
#define RULES_FINDING_H

#include "facts/site.h"
#include "findings/finding.h"

#include "holdfast/hosts.h"

/* The STS field of one HTTPS response, judged by the engine. */
typedef struct rule_field {
    const facts_hop *hop;
    const hf_field *field; /* the one that counts; NULL: none came */
    size_t count;          /* STS fields in all */
    bool valid;
    hf_policy policy;     /* of a valid field */
    const hf_note *notes; /* all of them */
    size_t note_count;
    hf_noted noted; /* what becomes of it in a browser that knows no host yet */
} rule_field;

/* What a visitor meets. */
typedef enum rule_access {
    RULE_ACCESS_OPEN,       /* gets in */
    RULE_ACCESS_WARNED,     /* a warning that can be clicked away */
    RULE_ACCESS_LOCKED_OUT, /* an error page without a way round (RFC 6797 8.4) */
    RULE_ACCESS_NONE,       /* no page at all: no connection, no TLS, no response, or redirects without end */
} rule_access;

/* "open", "warned", "locked-out", "none" */
const char *rule_access_name(rule_access access);

typedef struct rule_verdict {
    bool possible;  /* false: no policy can ever be held for the host: an address, or localhost */
    bool looked;    /* false: this machine could not look, and nothing else is known */
    bool complete;  /* false: some of what was to be looked at could not be */
    bool in_force;  /* a browser that gets this response holds a policy afterwards */
    hf_noted noted; /* what becomes of the STS field in a browser; without a response: HF_NOTED_IGNORED_NO_FIELD */
    rule_access first_visit;   /* to https://HOST, of somebody whose browser holds no policy for the site */
    rule_access later_visit;   /* of somebody whose browser does */
    int64_t certificate_until; /* the first expiry on the way in; HF_TIME_UNKNOWN without one */
    int64_t policy_until;      /* for who visits now; HF_TIME_UNKNOWN unless in force */
} rule_verdict;

typedef struct rule_report {
    int64_t at;
    rule_verdict verdict;
    const char *summary;   /* the verdict in one or two sentences */
    finding_list findings; /* the worst first, otherwise in the order in which they were found */
    rule_field *fields;    /* of every HTTPS response on the site, each URL once */
    size_t field_count;
    const rule_field *own; /* that of https://HOST, the hop that must carry it; NULL: no response */
} rule_report;

#endif
