/*
 * facts/submission.h: what the service behind the preload list says of a name. Plain values.
 */
#ifndef FACTS_SUBMISSION_H
#define FACTS_SUBMISSION_H

#include <stdbool.h>

/* symbol, name of the service, what it means for people. */
#define FACTS_SUBMISSION_MAP(X)                                                                                        \
    X(UNKNOWN, "unknown", "is not on the list, and was not submitted")                                                 \
    X(PENDING, "pending", "was submitted, and waits for a release of the list")                                        \
    X(PRELOADED, "preloaded", "is on the list")                                                                        \
    X(REJECTED, "rejected", "was submitted, and rejected")                                                             \
    X(REMOVED, "removed", "was on the list, and has been removed")                                                     \
    X(PENDING_REMOVAL, "pending-removal", "is on the list, and waits for its removal")                                 \
    X(PENDING_AUTOMATED_REMOVAL, "pending-automated-removal",                                                          \
      "is on the list, and waits for its removal: it has failed the service's scans")

typedef enum facts_submission_status {
#define FACTS_X(symbol, name, text) FACTS_SUBMISSION_##symbol,
    FACTS_SUBMISSION_MAP(FACTS_X)
#undef FACTS_X
        FACTS_SUBMISSION_STATUSES
} facts_submission_status;

const char *facts_submission_name(facts_submission_status status);
const char *facts_submission_text(facts_submission_status status);
/* False: no status has this name. */
bool facts_submission_find(const char *name, facts_submission_status *status);

typedef struct facts_submission {
    const char *host; /* as the service gets it */
    facts_submission_status status;
    bool bulk;           /* it was submitted by the form, and can be removed by it */
    const char *by;      /* the entry that covers it: its own name, or a parent; NULL: none */
    const char *message; /* of whoever rejected it; NULL: none */
} facts_submission;

#endif
