/*
 * facts/horizon.h: the lock-out horizon: the latest moment at which anybody can still hold a policy that covers the
 * host, whenever they came. Plain values: it follows from a history of what was served, which rules cannot see.
 */
#ifndef FACTS_HORIZON_H
#define FACTS_HORIZON_H

#include "facts/page.h"

#include "base/json.h"
#include "base/memory.h"

/* What holds the last visitor. */
typedef struct facts_hold {
    bool held;      /* false: nobody is held */
    bool preloaded; /* by an entry of a list; false: by a policy that was learned */
    int64_t until;
    const char *by; /* whose policy or entry it is */
} facts_hold;

/* symbol, name, text: what is missing for an answer. The names are stable. */
#define FACTS_HORIZON_GAP_MAP(X)                                                                                       \
    X(NO_HISTORY, "no-history", "give what was served before with --history FILE")                                     \
    X(NAME_MISSING, "name-missing", "the history does not say what was served at")                                     \
    X(NO_POLICY_POSSIBLE, "not-possible", "browsers cannot store a policy for this host")                              \
    X(NONE, NULL, NULL) /* it is known */

typedef enum facts_horizon_gap {
#define FACTS_X(symbol, name, text) FACTS_HORIZON_##symbol,
    FACTS_HORIZON_GAP_MAP(FACTS_X)
#undef FACTS_X
} facts_horizon_gap;

/* All zero: nobody gave a history. */
typedef struct facts_horizon {
    facts_horizon_gap gap;
    const char *missing;             /* the name that the history leaves out */
    facts_hold holds[FACTS_ENGINES]; /* of FACTS_ENGINE_ANY: the latest of all user agents */
} facts_horizon;

/* One clause; "" where the horizon is known. Made in `arena`. */
const char *facts_horizon_gap_text(const facts_horizon *horizon, base_arena *arena);

void facts_horizon_json(const facts_horizon *horizon, base_json *json);

#endif
