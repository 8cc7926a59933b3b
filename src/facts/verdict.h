/*
 * facts/verdict.h: who gets in, and for how long: the one plain answer about a site.
 */
#ifndef FACTS_VERDICT_H
#define FACTS_VERDICT_H

#include "holdfast/hosts.h"

/* symbol, name: what a visitor meets, from good to bad. The names are stable. */
#define FACTS_ACCESS_MAP(X)                                                                                            \
    X(OPEN, "open")             /* gets in */                                                                          \
    X(WARNED, "warned")         /* a warning; the user can proceed */                                                  \
    X(LOCKED_OUT, "locked-out") /* an error page that cannot be bypassed (RFC 6797 8.4) */                             \
    X(NONE, "none")             /* no page at all: no connection, no TLS, no response, or redirects without end */     \
    X(UNSEEN, "unseen")         /* not known: on the way this machine could look no further */

typedef enum facts_access {
#define FACTS_X(symbol, name) FACTS_ACCESS_##symbol,
    FACTS_ACCESS_MAP(FACTS_X)
#undef FACTS_X
} facts_access;

const char *facts_access_name(facts_access access);

typedef struct facts_verdict {
    bool possible;  /* false: no policy can ever be held for the host: an address, or localhost */
    bool looked;    /* false: this machine could not look, and nothing else is known */
    bool complete;  /* false: some of what was to be checked could not be */
    bool in_force;  /* a browser that gets this response holds a policy afterwards */
    hf_noted noted; /* what becomes of the STS field in a browser; without a response: HF_NOTED_IGNORED_NO_FIELD */
    facts_access first_visit;  /* to https://HOST, of a visitor whose browser holds no policy for the site */
    facts_access later_visit;  /* of one whose browser does */
    int64_t certificate_until; /* the first expiry on the way in; HF_TIME_UNKNOWN without one */
    int64_t policy_until;      /* after a visit now; HF_TIME_UNKNOWN unless in force */
    const char *summary;       /* the verdict in one or two sentences */
} facts_verdict;

#endif
