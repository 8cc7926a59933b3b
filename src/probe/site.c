#include "probe/site.h"

#include "probe/chain.h"

typedef struct look {
    facts_site *site;
    size_t open; /* chains that are not complete */
    void (*done)(void *self);
    void *self;
} look;

static void on_chain(void *self)
{
    look *l = self;

    if (--l->open == 0)
        l->done(l->self);
}

static bool is_wanted(const facts_site *site, facts_way way)
{
    bool www = way == FACTS_WWW_HTTPS || way == FACTS_WWW_HTTP, secure = way == FACTS_HTTPS || way == FACTS_WWW_HTTPS;

    return (site->www || !www) && (site->http_port != 0 || secure);
}

/* False if it is no name that could be asked for: "www." made it too long. */
static bool url_of(facts_site *site, facts_way way, net_url *url)
{
    bool www = way == FACTS_WWW_HTTPS || way == FACTS_WWW_HTTP, secure = way == FACTS_HTTPS || way == FACTS_WWW_HTTPS;
    bool bracketed = site->host.kind == HF_HOST_IPV6;
    const char *text = base_arena_format(&site->arena, "%s://%s%s%s%s:%d%s", secure ? "https" : "http",
                                         www ? "www." : "", bracketed ? "[" : "", site->host.name, bracketed ? "]" : "",
                                         secure ? site->port : site->http_port, site->target);

    return net_url_read(NULL, text, strlen(text), &site->arena, url, NULL) == NET_URL_GOOD;
}

void probe_site(const net_client *client, int64_t at, facts_site *site, void (*done)(void *self), void *self)
{
    look *l = base_arena_take(&site->arena, sizeof *l);
    int64_t deadline = net_loop_now(client->loop) + client->limits.total;
    net_url urls[FACTS_WAYS];
    bool wanted[FACTS_WAYS];

    *l = (look){site, 0, done, self};
    for (facts_way way = 0; way < FACTS_WAYS; way++) {
        wanted[way] = is_wanted(site, way) && url_of(site, way, &urls[way]);
        l->open += wanted[way];
    }
    for (facts_way way = 0; way < FACTS_WAYS; way++)
        if (wanted[way])
            probe_chain(client, &urls[way], at, deadline, &site->arena, &site->chains[way], on_chain, l);
}
