#include "probe/entry_points.h"

#include "probe/redirects.h"

typedef struct walk {
    size_t open; /* chains that are not complete */
    void (*done)(void *self);
    void *self;
} walk;

static void on_chain(void *self)
{
    walk *w = self;

    if (--w->open == 0)
        w->done(w->self);
}

static bool is_wanted(const facts_site *site, facts_way way)
{
    bool www = way == FACTS_WWW_HTTPS || way == FACTS_WWW_HTTP, secure = way == FACTS_HTTPS || way == FACTS_WWW_HTTPS;

    if (site->depth == FACTS_DEPTH_FIELD)
        return way == FACTS_HTTPS;
    return (site->www || !www) && (site->http_port != 0 || secure);
}

/* False if it is no name that could be asked for: "www." made it too long. */
static bool url_of(facts_site *site, facts_way way, http_url *url)
{
    bool www = way == FACTS_WWW_HTTPS || way == FACTS_WWW_HTTP, secure = way == FACTS_HTTPS || way == FACTS_WWW_HTTPS;
    bool bracketed = site->host.kind == HF_HOST_IPV6;
    const char *text = base_arena_format(&site->arena, "%s://%s%s%s%s:%d%s", secure ? "https" : "http",
                                         www ? "www." : "", bracketed ? "[" : "", site->host.name, bracketed ? "]" : "",
                                         secure ? site->port : site->http_port, site->target);

    return http_url_read(NULL, text, strlen(text), &site->arena, url, NULL) == HTTP_URL_GOOD;
}

void probe_entry_points(const probe_context *order, facts_site *site, void (*done)(void *self), void *self)
{
    walk *w = base_arena_take(&site->arena, sizeof *w);
    http_url urls[FACTS_WAYS];
    bool wanted[FACTS_WAYS];

    *w = (walk){0, done, self};
    for (facts_way way = 0; way < FACTS_WAYS; way++) {
        wanted[way] = is_wanted(site, way) && url_of(site, way, &urls[way]);
        w->open += wanted[way];
    }
    for (facts_way way = 0; way < FACTS_WAYS; way++)
        if (wanted[way])
            probe_redirects(order, &urls[way], site->depth, &site->arena, &site->chains[way], on_chain, w);
}
