#include "agent/sites.h"

#include "probe/probe.h"

typedef struct looking {
    const http_client *client;
    const agent_judging *judging;
    size_t unjudged;
    bool probing;
} looking;

static void on_judged(void *self)
{
    looking *l = self;

    if (l->judging->judged != NULL)
        l->judging->judged(l->judging->self);
    if (--l->unjudged == 0 && !l->probing)
        io_loop_stop(l->client->loop);
}

/* The wire of one site, with a budget of its own: the facts count against it all the same. */
typedef struct asking {
    http_client client;
    http_budget budget;
} asking;

static void on_seen(void *self, facts_site *site)
{
    looking *l = self;
    agent_judging judging = *l->judging;
    asking *a = base_arena_take(&site->arena, sizeof *a);

    a->budget = HTTP_BUDGET_OF(&site->arena);
    a->client = *l->client;
    a->client.budget = &a->budget;
    judging.wire = agent_transport_of(&a->client);
    judging.deadline = io_loop_now(l->client->loop) + l->client->limits.total;
    l->unjudged++;
    agent_judge(&judging, site, on_judged, l);
}

void agent_look(const http_client *client, const agent_judging *judging, facts_site *sites, size_t count,
                size_t at_once)
{
    looking l = {.client = client, .judging = judging, .probing = true};
    const probe_options options = {
        .client = client, .now = judging->now, .concurrency = at_once, .done = on_seen, .self = &l};

    probe_sites(&options, sites, count);
    l.probing = false;
    if (l.unjudged > 0)
        io_loop_run(client->loop);
}
