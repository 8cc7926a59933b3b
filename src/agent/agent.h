/*
 * agent/agent.h: what a conforming browser does with one URL, step by step (RFC 6797 section 8): look-up, upgrade, request, note,
 * redirect, until it arrives, or meets the wall.
 */
#ifndef AGENT_AGENT_H
#define AGENT_AGENT_H

#include "agent/book.h"
#include "agent/page.h"
#include "facts/sts_field.h"

#include "probe/exchange.h"

#define AGENT_REDIRECTS_DEFAULT 20 /* as Chromium and Firefox; internal redirects count */

/* How requests are made: a seam, so that the steps can be tested from literals. `done(done_self)` may be called from within. */
typedef struct agent_transport {
    void (*exchange)(void *self, const http_request *request, base_arena *arena, facts_exchange *exchange,
                     void (*done)(void *self), void *done_self);
    void *self;
} agent_transport;

/* The wire of wires: probe_exchange by this client, which is borrowed. */
agent_transport agent_transport_of(const http_client *client);

typedef struct agent_options {
    agent_transport wire;
    agent_book *book;
    int64_t now;
    size_t redirects_max;
} agent_options;

/* What became of a response's STS field. */
typedef struct agent_note {
    hf_noted noted;
    const facts_sts_value *sent; /* the first one's; NULL: none */
    const char *trouble;         /* it could not be kept, and why; NULL: all well. `noted` is meaningless then */
} agent_note;

/* kind, name, which members of agent_step are set besides `kind` and `url`. */
#define AGENT_STEP_MAP(X)                                                                                              \
    X(LOOKUP, "lookup")     /* verdict, known_host */                                                                  \
    X(UPGRADE, "upgrade")   /* to: the internal redirect; no packet has left */                                        \
    X(EXCHANGE, "exchange") /* exchange */                                                                             \
    X(NOTE, "note")         /* note */                                                                                 \
    X(REDIRECT, "redirect") /* to, location, exchange */                                                               \
    X(ARRIVAL, "arrival")   /* exchange */                                                                             \
    X(WALL, "wall")         /* page, verdict: a TLS error on a Known HSTS Host */                                      \
    X(WARNING, "warning")   /* page: a TLS error that the user may pass over */                                        \
    X(FAILURE, "failure")   /* page; location, unless the exchange itself failed */

typedef enum agent_kind {
#define AGENT_X(symbol, name) AGENT_##symbol,
    AGENT_STEP_MAP(AGENT_X)
#undef AGENT_X
} agent_kind;

typedef struct agent_step {
    agent_kind kind;
    const char *url; /* what the step is about */
    hf_verdict verdict;
    const char *known_host; /* whose policy is in force: the host's own name, or a parent's; NULL: none */
    const char *to;
    const hf_span *location; /* as sent */
    const facts_exchange *exchange;
    agent_note note;
    const agent_page *page;
    const char *cause; /* of WALL, WARNING and FAILURE: the page's, or that of a failure which has no page of its own */
} agent_step;

const char *agent_kind_name(agent_kind kind);

typedef enum agent_outcome {
    AGENT_ARRIVED,
    AGENT_BLOCKED, /* by HSTS: no way round */
    AGENT_WARNED,  /* a browser would ask, and the user could go on */
    AGENT_FAILED,  /* on the host's side */
    AGENT_UNSEEN,  /* this machine could not look */
} agent_outcome;

const char *agent_outcome_name(agent_outcome outcome);

typedef struct agent_visit {
    agent_step *steps;
    size_t count;
    agent_outcome outcome;
    const char *url; /* where it ended */
    base_arena arena;
} agent_visit;

/*
 * Begins a visit of `url`, which was read into the arena of *visit. `done(self)` is called once it is over, perhaps from within.
 * Any number of visits may be under way at once. Free with agent_visit_done.
 */
void agent_go(const agent_options *options, const http_url *url, agent_visit *visit, void (*done)(void *self),
              void *self);
void agent_visit_done(agent_visit *visit);

#endif
