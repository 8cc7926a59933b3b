/*
 * agent/redirect.h: where a response sends a browser (RFC 9110 15.4, and Fetch where browsers agree on more).
 */
#ifndef AGENT_REDIRECT_H
#define AGENT_REDIRECT_H

#include "facts/exchange.h"

typedef enum agent_redirect {
    AGENT_STAY,              /* no redirect, or one that says nowhere to */
    AGENT_FOLLOW,            /* *location is set */
    AGENT_FOLLOW_IMPOSSIBLE, /* several Locations that differ; *location is the second */
} agent_redirect;

agent_redirect agent_redirect_of(const facts_response *response, const hf_span **location);

#endif
