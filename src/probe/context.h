/*
 * probe/context.h: what every look at a site is given.
 */
#ifndef PROBE_CONTEXT_H
#define PROBE_CONTEXT_H

#include "facts/site.h"
#include "http/fetch.h"

#define PROBE_FACTS_OF_LOCATION 4 /* what each octet of a Location comes to as facts: the URL, and its parts */

typedef struct probe_context {
    const http_client *client;
    int64_t now;      /* the moment at which certificates are to be valid */
    int64_t deadline; /* of io_loop_now: by then all is over */
    bool leaf_only;   /* as in http_request */
} probe_context;

/* One look at a site, a file each. Looks know nothing of each other, and run at once, but for those
 * that wait for another (site.c). */
typedef struct probe_look {
    facts_depth from; /* the least depth that asks for it */
    /*
     * Fills in its own part of the facts, which lie in the site's arena. `done(self)` is called once when it is over,
     * from the loop or from inside the call. `context` and `site` live until then.
     */
    void (*begin)(const probe_context *context, facts_site *site, void (*done)(void *self), void *self);
} probe_look;

#endif
