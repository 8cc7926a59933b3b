/*
 * facts/redirects.h: a request, and the redirects it was sent along, hop by hop, each with all that was seen of it.
 */
#ifndef FACTS_REDIRECTS_H
#define FACTS_REDIRECTS_H

#include "facts/exchange.h"

#include "holdfast/host.h"

#define FACTS_REDIRECTS_MAX 20 /* followed in one chain, as in browsers */

typedef struct facts_hop {
    const char *url; /* normalised: printable ASCII */
    hf_host host;
    int port;
    const hf_span *location; /* as it was sent; NULL: the response sends nowhere */
    const char *to;          /* the URL it stands for; NULL: none that could be requested */
    const char *file; /* nothing was asked: the certificates come from this file, and `url` is NULL; NULL: it was */
    facts_exchange exchange;
} facts_hop;

/* symbol, name: why a chain has no further hop. The names are stable. */
#define FACTS_END_MAP(X)                                                                                               \
    X(ANSWERED, "answered")       /* by a response that sends nowhere */                                               \
    X(FAILED, "failed")           /* no response */                                                                    \
    X(LOOP, "loop")               /* the redirect leads to a hop before, or to itself */                               \
    X(TOO_MANY, "too-many")       /* FACTS_REDIRECTS_MAX have been followed */                                         \
    X(UNFOLLOWED, "unfollowed")   /* by a redirect, and redirects were not to be followed */                           \
    X(HOST_BUDGET, "host-budget") /* as much is kept of the host as may be: a limit of ours, not of browsers */        \
    X(NOWHERE, "nowhere") /* what Location holds cannot be requested: malformed, another scheme, two that differ */

typedef enum facts_end {
#define FACTS_X(symbol, name) FACTS_END_##symbol,
    FACTS_END_MAP(FACTS_X)
#undef FACTS_X
} facts_end;

const char *facts_end_name(facts_end end);

/* All zero: not looked at. */
typedef struct facts_redirects {
    facts_hop *hops[FACTS_REDIRECTS_MAX + 1];
    size_t count;
    facts_end end;
} facts_redirects;

/* True if the hop asked `host`, or a host below or above it. */
bool facts_hop_is_of_site(const facts_hop *hop, const hf_host *host);

void facts_hop_json(const facts_hop *hop, base_json *json);
void facts_redirects_json(const facts_redirects *chain, base_json *json);

#endif
