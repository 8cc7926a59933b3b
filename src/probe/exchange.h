/*
 * probe/exchange.h: one request, and what was seen on the way to its response: facts. Any number may run on one loop at once.
 */
#ifndef PROBE_EXCHANGE_H
#define PROBE_EXCHANGE_H

#include "facts/exchange.h"
#include "http/fetch.h"
#include "http/url.h"

/* Begins. `done(self)` is called from the loop once *exchange is complete; all it points to lies in `arena`. Everything given must
 * live until then. */
void probe_exchange(const http_client *client, const http_request *request, base_arena *arena, facts_exchange *exchange,
                    void (*done)(void *self), void *self);

#endif
