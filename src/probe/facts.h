/*
 * probe/facts.h: what net saw, in the words of facts. Net knows nothing of facts and facts nothing of net; here is the seam.
 */
#ifndef PROBE_FACTS_H
#define PROBE_FACTS_H

#include "facts/exchange.h"
#include "http/fetch.h"

/* Both lie in `arena`; spans and strings are shared. */
void probe_facts_of(const http_outcome *outcome, base_arena *arena, facts_exchange *exchange);

/* One answer of several on a connection. NULL stays NULL. */
const facts_response *probe_response_of(const http_response *from, base_arena *arena);

#endif
