/*
 * probe/chain.h: one request, and every redirect from there, as a browser would follow them; only that no error of TLS stops it.
 */
#ifndef PROBE_CHAIN_H
#define PROBE_CHAIN_H

#include "facts/chain.h"
#include "net/fetch.h"
#include "net/url.h"

/*
 * Begins at `url`. `done(self)` is called from the loop once *chain is complete; all it points to lies in `arena`. Everything given
 * must live until then. `deadline` as in net_request.
 */
void probe_chain(const net_client *client, const net_url *url, int64_t at, int64_t deadline, base_arena *arena,
                 facts_chain *chain, void (*done)(void *self), void *self);

#endif
