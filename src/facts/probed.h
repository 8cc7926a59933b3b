/*
 * facts/probed.h: one host of many, and the sums of a run over them. Plain values: src/batch fills them in,
 * src/report prints them.
 */
#ifndef FACTS_PROBED_H
#define FACTS_PROBED_H

#include "facts/failure.h"
#include "facts/site.h"

typedef struct facts_probed {
    uint64_t index; /* of the host in the list */
    const hf_host *host;
    int port;
    facts_depth depth;
    int64_t now;
    unsigned tries;
    int64_t resolve_ms;           /* -1: not done */
    const facts_failure *failure; /* why there is no answer; NULL: there is one */
    const facts_exchange *https;  /* NULL: the probe did not come so far */
    facts_site *site;             /* NULL: as above, or the depth is the field alone */
} facts_probed;

/* A line of the list that does not name a host. `text` is the line, or its beginning. */
typedef struct facts_refused {
    uint64_t index;
    const char *source;
    uint64_t line;
    hf_span text;
    const char *message;
} facts_refused;

/* Numbers alone, so that a state of --resume keeps them unchanged. */
typedef struct facts_tally {
    uint64_t hosts;   /* with a line of their own; refused lines are not included */
    uint64_t refused; /* lines of the list */
    uint64_t in_force, tls_errors, errors, warnings;
    uint64_t partly;                /* answered, and something else of it could not be looked at */
    uint64_t failing;               /* with a finding that makes the run fail */
    uint64_t again;                 /* tries after the first */
    uint64_t codes[FACTS_FAILURES]; /* FACTS_FAILURE_NONE: answered */
} facts_tally;

/* What one process run took, resumed hosts not included. */
typedef struct facts_cost {
    double seconds, cpu;
    uint64_t hosts;
} facts_cost;

#endif
