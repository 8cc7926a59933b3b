/*
 * probe/site.h: one site, by all the ways in at once.
 */
#ifndef PROBE_SITE_H
#define PROBE_SITE_H

#include "facts/site.h"
#include "net/fetch.h"

/*
 * Begins to fill in the chains of a site that was initialised. `done(self)` is called from the loop when the last one is complete.
 * The whole takes no longer than the client's total limit, however many redirects there are.
 */
void probe_site(const net_client *client, int64_t at, facts_site *site, void (*done)(void *self), void *self);

#endif
