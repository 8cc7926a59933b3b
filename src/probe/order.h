/*
 * probe/order.h: what every look at a site is given.
 */
#ifndef PROBE_ORDER_H
#define PROBE_ORDER_H

#include "facts/site.h"
#include "net/fetch.h"

typedef struct probe_order {
    const net_client *client;
    int64_t at;       /* the moment at which certificates are to be valid */
    int64_t deadline; /* of net_loop_now: by then all is over */
    bool brief;       /* as in net_request */
} probe_order;

/*
 * One look at a site: fills in its own part of the facts, which lie in the site's arena. `done(self)` is called once when it is
 * over, from the loop or from inside the call. Looks know nothing of each other, and run at once. `order` and `site` live until then.
 */
typedef void probe_look(const probe_order *order, facts_site *site, void (*done)(void *self), void *self);

#endif
