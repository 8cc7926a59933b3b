/*
 * The ways into a site: http and https, with www and without, each redirect by redirect.
 */
#include "probe/context.h"

#include "base/domain.h"
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

/* False if the name is too long with "www." in front. */
static bool url_of(facts_site *site, facts_way way, http_url *url)
{
    bool www = way == FACTS_WWW_HTTPS || way == FACTS_WWW_HTTP, secure = way == FACTS_HTTPS || way == FACTS_WWW_HTTPS;
    hf_host host = site->host;

    if (www && !base_domain_www(&site->host, &host))
        return false;
    http_url_make(secure ? HF_SCHEME_HTTPS : HF_SCHEME_HTTP, &host, secure ? site->port : site->http_port, site->target,
                  &site->arena, url);
    return true;
}

static void look_at_site(const probe_context *context, facts_site *site, void (*done)(void *self), void *self)
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
            probe_redirects(context, &urls[way], site->depth, &site->arena, &site->chains[way], on_chain, w);
}

const probe_look probe_look_entry_points = {FACTS_DEPTH_FIELD, look_at_site};
