/*
 * What the server shows to a client that names no host (no SNI): the certificate that is also
 * shown for every name the server does not know.
 */
#include "probe/context.h"

typedef struct look {
    http_request request;
    facts_site *site;
    void (*done)(void *self);
    void *self;
} look;

static void on_exchange(void *self)
{
    look *l = self;

    l->site->default_host.looked = true;
    l->done(l->self);
}

/* An address is never sent as SNI, so for it the ways in have seen the same. */
static void look_at_site(const probe_context *context, facts_site *site, void (*done)(void *self), void *self)
{
    look *l;

    if (site->host.kind != HF_HOST_NAME) {
        done(self);
        return;
    }
    l = base_arena_take(&site->arena, sizeof *l);
    *l = (look){.site = site, .done = done, .self = self};
    l->request = (http_request){.host = site->host.name,
                                .named = true,
                                .port = site->port,
                                .secure = true,
                                .target = site->target,
                                .no_sni = true,
                                .now = context->now,
                                .deadline = context->deadline,
                                .offer = TLS_OFFER_BOTH};
    http_fetch(context->client, &l->request, &site->arena, &site->default_host.exchange, on_exchange, l);
}

const probe_look probe_look_default_host = {FACTS_DEPTH_FULL, look_at_site};
