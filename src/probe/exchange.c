#include "probe/exchange.h"

#include "probe/facts.h"

typedef struct running {
    base_arena *arena;
    http_outcome outcome;
    facts_exchange *exchange;
    void (*done)(void *self);
    void *self;
} running;

static void on_done(void *self)
{
    running *r = self;

    probe_facts_of(&r->outcome, r->arena, r->exchange);
    r->done(r->self);
}

void probe_exchange(const http_client *client, const http_request *request, base_arena *arena, facts_exchange *exchange,
                    void (*done)(void *self), void *self)
{
    running *r = base_arena_take(arena, sizeof *r);

    *exchange = (facts_exchange){.secure = request->secure};
    r->arena = arena;
    r->exchange = exchange;
    r->done = done;
    r->self = self;
    http_fetch(client, request, arena, &r->outcome, on_done, r);
}
