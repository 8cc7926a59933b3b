#include "probe/site.h"

#include "probe/answers.h"
#include "probe/default_host.h"
#include "probe/dns.h"
#include "probe/endpoints.h"
#include "probe/entry_points.h"

/* A look is a line: from which depth on, and what begins it. */
static const struct {
    facts_depth from;
    probe_look *begin;
} looks[] = {
    {FACTS_DEPTH_FIELD, probe_entry_points}, {FACTS_DEPTH_FULL, probe_endpoints},
    {FACTS_DEPTH_FULL, probe_default_host},  {FACTS_DEPTH_FULL, probe_answers},
    {FACTS_DEPTH_FULL, probe_dns},
};

typedef struct visit {
    probe_context order;
    size_t open; /* looks that are not over, and this one call */
    void (*done)(void *self);
    void *self;
} visit;

static void on_look(void *self)
{
    visit *v = self;

    if (--v->open == 0)
        v->done(v->self);
}

void probe_site(const http_client *client, int64_t now, facts_site *site, void (*done)(void *self), void *self)
{
    visit *v = base_arena_take(&site->arena, sizeof *v);

    v->order = (probe_context){client, now, io_loop_now(client->loop) + client->limits.total,
                               site->depth == FACTS_DEPTH_FIELD};
    v->open = 1;
    v->done = done;
    v->self = self;
    for (size_t i = 0; i < sizeof looks / sizeof *looks; i++)
        if (site->depth >= looks[i].from) {
            v->open++;
            looks[i].begin(&v->order, site, on_look, v);
        }
    on_look(v);
}
