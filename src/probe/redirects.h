/*
 * probe/redirects.h: one request, and every redirect from there, as a browser would follow them; only that no error of
 * TLS stops it.
 */
#ifndef PROBE_REDIRECTS_H
#define PROBE_REDIRECTS_H

#include "http/url.h"
#include "probe/context.h"

/*
 * Begins at `url`. In field depth that is one HEAD over HTTP/1.1, the cheapest there is, and no redirect is followed;
 * otherwise a GET as a browser would send it, over HTTP/2 where the server speaks that, and what is served in clear is
 * proved by the beginning of its body. `done(self)` is called from the loop once *chain is complete; all it points to
 * lies in `arena`. Everything given but `url` must live until then.
 */
void probe_redirects(const probe_context *context, const http_url *url, facts_depth depth, base_arena *arena,
                     facts_redirects *chain, void (*done)(void *self), void *self);

#endif
