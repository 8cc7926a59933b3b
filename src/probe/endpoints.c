/*
 * The same question to each address of the site's names, over HTTPS and plain HTTP, for visitors come to any of them.
 */
#include "probe/context.h"

#include "base/domain.h"
#include "facts/location.h"
#include "http/url.h"
#include "probe/addresses.h"

typedef struct look {
    const probe_context *context;
    facts_site *site;
    size_t open; /* names that are not done, and this one call */
    void (*done)(void *self);
    void *self;
} look;

/* One name and one port, all of its addresses at once. */
typedef struct naming {
    look *look;
    hf_host host;
    int port;
    bool secure;
    facts_endpoints *endpoints;
    io_address addresses[IO_ADDRESSES_MAX];
    http_request requests[IO_ADDRESSES_MAX];
    size_t open;
} naming;

static void close_one(look *l)
{
    if (--l->open == 0)
        l->done(l->self);
}

/* True if both chains are the same octet by octet. */
static bool is_same_chain(const facts_tls *a, const facts_tls *b)
{
    if (a->certificate_count != b->certificate_count)
        return false;
    for (size_t i = 0; i < a->certificate_count; i++)
        if (strcmp(a->certificates[i].fingerprint, b->certificates[i].fingerprint) != 0)
            return false;
    return true;
}

static void share_certificates(facts_endpoints *endpoints)
{
    for (size_t i = 1; i < endpoints->count; i++)
        for (size_t k = 0; k < i; k++)
            if (is_same_chain(&endpoints->items[k].exchange.tls, &endpoints->items[i].exchange.tls))
                endpoints->items[i].exchange.tls.certificates = endpoints->items[k].exchange.tls.certificates;
}

static void find_redirects(const naming *n)
{
    base_arena *arena = &n->look->site->arena;
    http_url asked, to;
    const hf_span *location;
    facts_failure none;

    http_url_make(n->secure ? HF_SCHEME_HTTPS : HF_SCHEME_HTTP, &n->host, n->port, n->look->site->target, arena,
                  &asked);
    for (size_t i = 0; i < n->endpoints->count; i++) {
        facts_endpoint *endpoint = &n->endpoints->items[i];
        const facts_response *response = endpoint->exchange.response;

        if (response != NULL && facts_location_of(response, &location) == FACTS_FOLLOW &&
            http_budget_has_room(n->look->context->client->budget, PROBE_FACTS_OF_LOCATION * location->length,
                                 FACTS_PHASE_PROBE, &none) &&
            http_url_read(&asked, location->data, location->length, arena, &to, NULL) == HTTP_URL_GOOD)
            endpoint->to = to.text;
    }
}

static void on_exchange(void *self)
{
    naming *n = self;

    if (--n->open > 0)
        return;
    find_redirects(n);
    share_certificates(n->endpoints);
    close_one(n->look);
}

static void ask_all(naming *n, size_t count)
{
    const facts_site *site = n->look->site;
    facts_endpoints *endpoints = n->endpoints;
    base_arena *arena = &n->look->site->arena;

    endpoints->items = base_arena_take(arena, count * sizeof *endpoints->items);
    endpoints->count = n->open = count;
    for (size_t i = 0; i < count; i++) {
        endpoints->items[i].address = endpoints->addresses[i];
        endpoints->items[i].port = io_address_port(&n->addresses[i]);
        n->requests[i] = (http_request){.host = endpoints->name,
                                        .named = true,
                                        .is_address = site->host.kind != HF_HOST_NAME,
                                        .port = n->port,
                                        .secure = n->secure,
                                        .target = site->target,
                                        .address = &n->addresses[i],
                                        .now = n->look->context->now,
                                        .deadline = n->look->context->deadline,
                                        .offer = TLS_OFFER_BOTH};
        http_fetch(n->look->context->client, &n->requests[i], arena, &endpoints->items[i].exchange, on_exchange, n);
    }
}

static void on_addresses(void *self, const io_address *addresses, size_t count, const facts_failure *failure)
{
    naming *n = self;
    base_arena *arena = &n->look->site->arena;
    const char **texts = base_arena_take(arena, count * sizeof *texts);
    char text[IO_ADDRESS_TEXT];

    if (failure != NULL)
        n->endpoints->failure = facts_failure_keep(failure, arena);
    for (size_t i = 0; i < count; i++) {
        n->addresses[i] = addresses[i];
        io_address_format(&addresses[i], text);
        texts[i] = base_arena_string(arena, text);
    }
    n->endpoints->addresses = texts;
    n->endpoints->address_count = count;
    /* The only address is the one that the ways in take. */
    if (count > 1)
        ask_all(n, count);
    else
        close_one(n->look);
}

static void begin(look *l, facts_way way, const hf_host *host)
{
    bool secure = way == FACTS_HTTPS || way == FACTS_WWW_HTTPS;
    base_arena *arena = &l->site->arena;
    facts_endpoints *endpoints = &l->site->endpoints[way];
    const http_proxy *proxy = http_proxy_for(l->context->client->proxies, host->name, secure);
    naming *n;

    endpoints->name = base_arena_string(arena, host->name);
    if (proxy != NULL) {
        endpoints->proxy = base_arena_string(arena, proxy->name);
        return;
    }
    n = base_arena_take(arena, sizeof *n);
    n->look = l;
    n->host = *host;
    n->port = secure ? l->site->port : l->site->http_port;
    n->secure = secure;
    n->endpoints = endpoints;
    l->open++;
    probe_addresses(l->context, endpoints->name, n->port, arena, on_addresses, n);
}

static void look_at_name(look *l, const hf_host *host, facts_way https, facts_way http)
{
    begin(l, https, host);
    if (l->site->http_port != 0)
        begin(l, http, host);
}

static void look_at_site(const probe_context *context, facts_site *site, void (*done)(void *self), void *self)
{
    look *l = base_arena_take(&site->arena, sizeof *l);
    hf_host www;

    *l = (look){context, site, 1, done, self};
    look_at_name(l, &site->host, FACTS_HTTPS, FACTS_HTTP);
    if (site->www && base_domain_www(&site->host, &www))
        look_at_name(l, &www, FACTS_WWW_HTTPS, FACTS_WWW_HTTP);
    close_one(l);
}

const probe_look probe_look_endpoints = {FACTS_DEPTH_FULL, look_at_site};
