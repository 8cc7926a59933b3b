/*
 * agent/verdict.h: who gets into a site: the visits that strangers and returning visitors make in each browser, over
 * what was seen of the site. Nothing else says who gets in.
 */
#ifndef AGENT_VERDICT_H
#define AGENT_VERDICT_H

#include "agent/agent.h"

#include "facts/site.h"

typedef struct agent_judging {
    int64_t now;
    agent_transport wire; /* asked for what was not seen; all zero: nothing is asked, and such visits are not seen */
    int64_t deadline;     /* of what is asked, as in http_request */
    const hf_preload *preload; /* the lists that every browser has, as in agent_book */
    const hf_preload *floor;
    facts_engine engine;  /* FACTS_ENGINE_ANY: all browsers; otherwise that one alone */
    const hf_host *cover; /* returning visitors hold its policy, with includeSubDomains, besides; NULL: none */
    /* Of agent_look: called when one more site is judged; NULL: nobody waits. */
    void (*judged)(void *self);
    void *self;
} agent_judging;

/*
 * Forms site->verdict from the facts of a site that is complete otherwise. `done(self)` is called once it is formed,
 * perhaps from within: always so without a wire. What `options` points to lives until then.
 */
void agent_judge(const agent_judging *options, facts_site *site, void (*done)(void *self), void *self);

/* The same over what was seen alone. */
void agent_judge_seen(const agent_judging *options, facts_site *site);

#endif
