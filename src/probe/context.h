/*
 * probe/context.h: what every look at a site is given.
 */
#ifndef PROBE_CONTEXT_H
#define PROBE_CONTEXT_H

#include "facts/site.h"
#include "http/fetch.h"

typedef struct probe_context {
    const http_client *client;
    int64_t now;      /* the moment at which certificates are to be valid */
    int64_t deadline; /* of io_loop_now: by then all is over */
    bool leaf_only;   /* as in http_request */
} probe_context;

/*
 * One look at a site: fills in its own part of the facts, which lie in the site's arena. `done(self)` is called once
 * when it is over, from the loop or from inside the call. Looks know nothing of each other, and run at once. `order`
 * and `site` live until then.
 */
typedef void probe_look(const probe_context *order, facts_site *site, void (*done)(void *self), void *self);

#endif
