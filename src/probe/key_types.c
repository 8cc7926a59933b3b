/*
 * The server's certificate for who accepts RSA keys alone, and for who accepts ECDSA keys alone: it may have both.
 */
#include "probe/context.h"

typedef struct look {
    facts_site *site;
    http_request requests[FACTS_KEY_TYPES];
    size_t open;
    void (*done)(void *self);
    void *self;
} look;

static void on_exchange(void *self)
{
    look *l = self;

    if (--l->open > 0)
        return;
    l->site->key_certificates.looked = true;
    l->done(l->self);
}

static void look_at_site(const probe_context *context, facts_site *site, void (*done)(void *self), void *self)
{
    static const tls_keys keys[] = {[FACTS_KEY_RSA] = TLS_KEYS_RSA, [FACTS_KEY_ECDSA] = TLS_KEYS_ECDSA};
    look *l = base_arena_take(&site->arena, sizeof *l);

    *l = (look){.site = site, .open = FACTS_KEY_TYPES, .done = done, .self = self};
    for (facts_key_type type = 0; type < FACTS_KEY_TYPES; type++) {
        l->requests[type] = (http_request){.host = site->host.name,
                                           .named = true,
                                           .is_address = site->host.kind != HF_HOST_NAME,
                                           .port = site->port,
                                           .secure = true,
                                           .method = FACTS_METHOD_HEAD,
                                           .target = site->target,
                                           .keys = keys[type],
                                           .now = context->now,
                                           .deadline = context->deadline,
                                           .offer = TLS_OFFER_BOTH};
        http_fetch(context->client, &l->requests[type], &site->arena, &site->key_certificates.exchanges[type],
                   on_exchange, l);
    }
}

const probe_look probe_look_key_types = {FACTS_DEPTH_FULL, look_at_site};
