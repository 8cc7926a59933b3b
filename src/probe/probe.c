#include "probe/probe.h"

#include "probe/facts.h"

#include <stdlib.h>

typedef struct run run;

/* One host on its way; each takes the next host from the list when it is done with one. */
typedef struct worker {
    run *run;
    facts_host *facts;
    net_request request;
    net_outcome outcome;
} worker;

struct run {
    const probe_options *options;
    facts_host *hosts;
    size_t count, next, finished;
};

static void work(worker *w);

static void on_done(void *self)
{
    worker *w = self;
    run *r = w->run;

    probe_facts_of(&w->outcome, &w->facts->arena, &w->facts->https);
    if (r->options->done != NULL)
        r->options->done(r->options->self, w->facts);
    if (++r->finished == r->count)
        net_loop_stop(r->options->client->loop);
    else
        work(w);
}

static void work(worker *w)
{
    run *r = w->run;

    if (r->next == r->count)
        return;
    w->facts = &r->hosts[r->next++];
    w->request = (net_request){.host = w->facts->host.name,
                               .is_address = w->facts->host.kind != HF_HOST_NAME,
                               .port = w->facts->port,
                               .secure = true,
                               .target = "/",
                               .at = r->options->at};
    net_fetch(r->options->client, &w->request, &w->facts->arena, &w->outcome, on_done, w);
}

void probe_hosts(const probe_options *options, facts_host *hosts, size_t count)
{
    size_t wanted = options->concurrency > 0 ? options->concurrency : 1;
    size_t worker_count = wanted < count ? wanted : count;
    worker *workers = base_allocate(worker_count * sizeof *workers);
    run r = {options, hosts, count, 0, 0};

    for (size_t i = 0; i < worker_count; i++) {
        workers[i].run = &r;
        work(&workers[i]);
    }
    if (count > 0)
        net_loop_run(options->client->loop);
    free(workers);
}
