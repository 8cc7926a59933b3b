/*
 * rollout/forecast.h: until when somebody still holds a policy, worked out from what a site served over time.
 *
 * Times are Unix seconds. Nothing here has a clock, allocates for its caller or keeps anything. Thread rule: pure; call
 * from any thread. RFC 6797 8.1 and 11.2; what each browser does otherwise stands in browsers/policies.h.
 * FACTS_ENGINE_ANY stands for a user agent that does what RFC 6797 says.
 */
#ifndef ROLLOUT_FORECAST_H
#define ROLLOUT_FORECAST_H

#include "facts/page.h"

#include <stddef.h>
#include <stdint.h>

/* What a name served from a moment on, until the next of its entries begins. */
typedef struct rollout_served {
    int64_t from;
    const char *sts; /* the first Strict-Transport-Security field of its responses; NULL: none, or no HTTPS at all */
} rollout_served;

/* One name, canonical as in hf_host, with its entries in the order of time. */
typedef struct rollout_name {
    const char *name;
    const rollout_served *served;
    size_t count;
} rollout_name;

/* An entry of a browser's preload list. */
typedef struct rollout_listed {
    facts_engine engine;
    const char *name;
    bool include_subdomains;
    int64_t last_release; /* of the browser, or of its list, that holds the entry */
} rollout_listed;

typedef struct rollout_history {
    const rollout_name *names;
    size_t name_count;
    const rollout_listed *listed;
    size_t listed_count;
} rollout_history;

/* What holds somebody. */
typedef struct rollout_held {
    int64_t until;  /* the last second; HF_TIME_NEVER: for ever */
    const char *by; /* the name whose policy or entry it is; it points into the history */
    bool preloaded; /* false: it was learned */
} rollout_held;

/*
 * The lock-out horizon of `host` at `at`: the latest second in which anybody can still be held, whenever they came. No
 * max-age=0 brings it nearer. False: nobody is held at `at`.
 */
bool rollout_horizon(const rollout_history *history, facts_engine engine, const char *host, int64_t at,
                     rollout_held *held);

typedef struct rollout_visit {
    int64_t at;
    const char *name;
} rollout_visit;

/*
 * What holds one visitor who came at these times, in order, and at no other. False: at `at` the browser asks for `host`
 * over plain HTTP.
 */
bool rollout_visitor(const rollout_history *history, facts_engine engine, const rollout_visit *visits, size_t count,
                     const char *host, int64_t at, rollout_held *held);

#endif
