/*
 * probe/site.h: one site, in the depth it asks for, by all looks at once.
 */
#ifndef PROBE_SITE_H
#define PROBE_SITE_H

#include "facts/site.h"
#include "http/fetch.h"

/*
 * Begins to fill in the facts of a site that was initialised. `done(self)` is called from the loop when they are
 * complete. The whole takes no longer than the client's total limit, however many redirects there are.
 */
void probe_site(const http_client *client, int64_t now, facts_site *site, void (*done)(void *self), void *self);

#endif
