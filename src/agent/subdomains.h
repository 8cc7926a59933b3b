/*
 * agent/subdomains.h: which names below a host lose their visitors by its includeSubDomains: each is looked at as a
 * site of its own, and visited by somebody who holds the policy of the host.
 */
#ifndef AGENT_SUBDOMAINS_H
#define AGENT_SUBDOMAINS_H

#include "agent/verdict.h"

/* What makes browsers ask for HTTPS alone below the host, of a site with its verdict. FACTS_COVER_WOULD: nothing does.
 */
facts_cover agent_cover_of(const facts_site *site);

/* Adds the names that were seen on the way: of certificates, and of redirects. */
void agent_subdomains_seen(facts_site *site);

typedef struct agent_below {
    const http_client *client;
    const agent_judging *judging;                      /* without its wire and deadline */
    void (*tell)(void *self, size_t done, size_t all); /* NULL: nobody waits */
    void *self;
} agent_below;

/* Asks each name of site->subdomains, whose cover is set, and runs the loop until the last one is done. */
void agent_look_below(const agent_below *below, facts_site *site);

#endif
