/*
 * probe/chain.h: one request, and every redirect from there, as a browser would follow them; only that no error of TLS stops it.
 */
#ifndef PROBE_CHAIN_H
#define PROBE_CHAIN_H

#include "net/url.h"
#include "probe/order.h"

/*
 * Begins at `url`; `follow`: redirects are followed. `done(self)` is called from the loop once *chain is complete; all it points to
 * lies in `arena`. Everything given but `url` must live until then.
 */
void probe_chain(const probe_order *order, const net_url *url, bool follow, base_arena *arena, facts_chain *chain,
                 void (*done)(void *self), void *self);

#endif
