/*
 * agent/sites.h: looking at sites, with their verdicts: the probe sees, and as soon as a site is seen its visits are
 * made.
 */
#ifndef AGENT_SITES_H
#define AGENT_SITES_H

#include "agent/verdict.h"

#include "http/fetch.h"

/*
 * Fills in the facts of `count` sites, which have been initialised, `at_once` at a time, and their verdicts, and runs
 * the loop until the last one is done. Of `judging` the wire and the deadline are set here: what a browser would
 * request besides may take as long as the site itself.
 */
void agent_look(const http_client *client, const agent_judging *judging, facts_site *sites, size_t count,
                size_t at_once);

#endif
