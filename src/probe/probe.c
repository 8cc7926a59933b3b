#include "probe/probe.h"

#include "probe/site.h"

#include <stdlib.h>

typedef struct run run;

/* One site on its way; each worker takes the next site from the list when it is done with one. */
typedef struct worker {
    run *run;
    facts_site *site;
} worker;

struct run {
    const probe_options *options;
    facts_site *sites;
    size_t count, next, finished;
};

static void work(worker *w);

static void on_done(void *self)
{
    worker *w = self;
    run *r = w->run;

    if (r->options->done != NULL)
        r->options->done(r->options->self, w->site);
    if (++r->finished == r->count)
        io_loop_stop(r->options->client->loop);
    else
        work(w);
}

static void work(worker *w)
{
    run *r = w->run;

    if (r->next == r->count)
        return;
    w->site = &r->sites[r->next++];
    probe_site(r->options->client, r->options->now, w->site, on_done, w);
}

void probe_sites(const probe_options *options, facts_site *sites, size_t count)
{
    size_t wanted = options->concurrency > 0 ? options->concurrency : 1;
    size_t worker_count = wanted < count ? wanted : count;
    worker *workers = base_allocate(worker_count * sizeof *workers);
    run r = {options, sites, count, 0, 0};

    for (size_t i = 0; i < worker_count; i++) {
        workers[i].run = &r;
        work(&workers[i]);
    }
    if (r.finished < count)
        io_loop_run(options->client->loop);
    free(workers);
}
