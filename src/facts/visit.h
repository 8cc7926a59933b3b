/*
 * facts/visit.h: a visit of one URL as a conforming browser makes it, step by step. Plain values: src/agent fills
 * them in, src/report prints them.
 */
#ifndef FACTS_VISIT_H
#define FACTS_VISIT_H

#include "facts/exchange.h"
#include "facts/page.h"
#include "facts/sts_field.h"
#include "facts/verdict.h"

#include "base/memory.h"
#include "holdfast/decide.h"
#include "holdfast/hosts.h"

/* What became of a response's STS field. */
typedef struct facts_visit_note {
    hf_noted noted;
    const facts_sts_value *sent; /* the first one's; NULL: none */
    int64_t until;               /* the last moment at which this browser holds it, if it was added or renewed */
    const char *trouble;         /* it could not be kept, and why; NULL: all well. `noted` is meaningless then */
} facts_visit_note;

/* kind, name, which members of facts_visit_step are set besides `kind` and `url`. */
#define FACTS_VISIT_STEP_MAP(X)                                                                                        \
    X(LOOKUP, "lookup")     /* verdict, known_host */                                                                  \
    X(UPGRADE, "upgrade")   /* to, by: the internal redirect; no packet has left */                                    \
    X(FALLBACK, "fallback") /* to, page: https was asked first, and failed */                                          \
    X(EXCHANGE, "exchange") /* exchange */                                                                             \
    X(NOTE, "note")         /* note */                                                                                 \
    X(REDIRECT, "redirect") /* to, location, exchange */                                                               \
    X(ARRIVAL, "arrival")   /* exchange */                                                                             \
    X(WALL, "wall")         /* page, verdict: a TLS error on a Known HSTS Host */                                      \
    X(WARNING, "warning")   /* page: a TLS error that the user can bypass */                                           \
    X(FAILURE, "failure")   /* page; location, unless the exchange itself failed */

typedef enum facts_visit_kind {
#define FACTS_X(symbol, name) FACTS_VISIT_##symbol,
    FACTS_VISIT_STEP_MAP(FACTS_X)
#undef FACTS_X
} facts_visit_kind;

/* symbol, name, what browsers write as Non-Authoritative-Reason: why https is asked in place of http. */
#define FACTS_UPGRADE_MAP(X)                                                                                           \
    X(HSTS, "hsts", "HSTS")                                                                                            \
    X(HTTPS_FIRST, "https-first", "HttpsUpgrades") /* of the browser's own accord, with a way back */                  \
    X(HTTPS_RECORD, "https-record", "DNS")         /* the DNS has an HTTPS record (RFC 9460 9.5) */

typedef enum facts_upgrade {
#define FACTS_X(symbol, name, reason) FACTS_UPGRADE_##symbol,
    FACTS_UPGRADE_MAP(FACTS_X)
#undef FACTS_X
} facts_upgrade;

const char *facts_upgrade_name(facts_upgrade by);
const char *facts_upgrade_reason(facts_upgrade by);

typedef struct facts_visit_step {
    facts_visit_kind kind;
    const char *url; /* what the step is about */
    hf_verdict verdict;
    const char *known_host; /* whose policy is in force: the host's own name, or a parent's; NULL: none */
    const char *to;
    facts_upgrade by;
    const hf_span *location; /* as sent */
    const facts_exchange *exchange;
    facts_visit_note note;
    const facts_page *page; /* of WALL, WARNING, FAILURE and FALLBACK */
} facts_visit_step;

const char *facts_visit_kind_name(facts_visit_kind kind);

typedef enum facts_visit_outcome {
    FACTS_VISIT_ARRIVED,
    FACTS_VISIT_BLOCKED, /* by HSTS: an error page that cannot be bypassed */
    FACTS_VISIT_WARNED,  /* browsers show a warning, and the user can proceed */
    FACTS_VISIT_FAILED,  /* on the host's side */
    FACTS_VISIT_UNSEEN,  /* this machine could not look */
} facts_visit_outcome;

const char *facts_visit_outcome_name(facts_visit_outcome outcome);

typedef struct facts_visit {
    facts_engine engine; /* as whom */
    facts_visit_step *steps;
    size_t count;
    facts_visit_outcome outcome;
    facts_access access; /* what the visitor meets at the end; of FACTS_VISIT_UNSEEN nothing */
    bool uncertain;      /* it is not known what this browser shows there */
    const char *asked;   /* as it was given; NULL: as the first step has it */
    const char *url;     /* where it ended */
    base_arena arena;
} facts_visit;

/* The status of the response at which the visit ended; 0: it did not end at one. */
int facts_visit_status(const facts_visit *visit);
/* Until when a policy noted at `now` holds, in a browser that holds none for longer than `life_max` seconds. */
int64_t facts_visit_until(const hf_policy *policy, int64_t life_max, int64_t now);

void facts_visit_done(facts_visit *visit);

#endif
