#include "probe/site.h"

#include "probe/context.h"

#define LOOK_MAP(X)                                                                                                    \
    X(entry_points) /* each way in, redirect by redirect */                                                            \
    X(endpoints)    /* every address */                                                                                \
    X(default_host) /* without a name */                                                                               \
    X(key_types)    /* with one kind of key alone */                                                                   \
    X(large_hello)  /* a handshake as large as browsers' */                                                            \
    X(offers)       /* protocols and ciphers */                                                                        \
    X(answers)      /* other requests */                                                                               \
    X(dns)          /* records */

#define LOOK_X(name) extern const probe_look probe_look_##name;
LOOK_MAP(LOOK_X)
#undef LOOK_X

static const probe_look *const looks[] = {
#define LOOK_X(name) &probe_look_##name,
    LOOK_MAP(LOOK_X)
#undef LOOK_X
};

typedef struct visit {
    probe_context context;
    http_client client; /* with the budget of this one host */
    http_budget budget;
    facts_site *site;
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

/* Servers that serve one connection at a time, as openssl s_server does, are busy while a HEAD goes unanswered: what
 * the server offers is found before others ask. */
static bool waits_for_offers(const visit *v, const probe_look *look)
{
    return v->site->offers.wanted && v->site->depth >= probe_look_offers.from &&
           (look == &probe_look_endpoints || look == &probe_look_key_types || look == &probe_look_answers);
}

static void on_offers(void *self)
{
    visit *v = self;

    for (size_t i = 0; i < sizeof looks / sizeof *looks; i++)
        if (waits_for_offers(v, looks[i]))
            looks[i]->begin(&v->context, v->site, on_look, v);
    on_look(v);
}

static void begin(visit *v, const probe_look *look)
{
    v->open++;
    if (!waits_for_offers(v, look))
        look->begin(&v->context, v->site, look == &probe_look_offers ? on_offers : on_look, v);
}

void probe_site(const http_client *client, int64_t now, facts_site *site, void (*done)(void *self), void *self)
{
    visit *v = base_arena_take(&site->arena, sizeof *v);

    v->client = *client;
    v->client.budget = &v->budget;
    v->budget = HTTP_BUDGET_OF(&site->arena);
    v->context = (probe_context){&v->client, now, io_loop_now(client->loop) + client->limits.total,
                                 site->depth == FACTS_DEPTH_FIELD};
    v->site = site;
    v->open = 1;
    v->done = done;
    v->self = self;
    for (size_t i = 0; i < sizeof looks / sizeof *looks; i++)
        if (site->depth >= looks[i]->from)
            begin(v, looks[i]);
    on_look(v);
}
