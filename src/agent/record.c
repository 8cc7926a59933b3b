#include "agent/record.h"

#include "facts/answers.h"

#include <stdlib.h>
#include <string.h>

/* A request that is being asked of the wire. */
typedef struct asking {
    http_request request;
    io_address address;
    facts_hop *hop; /* where it is kept */
    facts_exchange *out;
    void (*done)(void *self);
    void *self;
} asking;

/* -- What was seen ------------------------------------------------------------------------------------------------- */

static bool is_same(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* `text` is a normalised URL. */
static bool is_url_of(const http_request *request, const facts_hop *hop)
{
    const char *target = strstr(hop->url, "://");
    size_t length = strcspn(hop->url, "#");

    target = target != NULL ? strpbrk(target + 3, "/?#") : NULL;
    return target != NULL && target < hop->url + length && hop->port == request->port &&
           hop->exchange.secure == request->secure && strcmp(hop->host.name, request->host) == 0 &&
           strlen(request->target) == length - (size_t)(target - hop->url) &&
           strncmp(target, request->target, strlen(request->target)) == 0 &&
           facts_exchange_sent(&hop->exchange, request->cookies);
}

static const facts_exchange *find_in_chain(const facts_redirects *chain, const http_request *request)
{
    for (size_t i = 0; i < chain->count; i++)
        if (is_url_of(request, chain->hops[i]))
            return &chain->hops[i]->exchange;
    return NULL;
}

static const facts_exchange *find_in_chains(const facts_site *site, facts_way first, const http_request *request)
{
    const facts_exchange *found = find_in_chain(&site->chains[first], request);

    for (facts_way way = 0; found == NULL && way < FACTS_WAYS; way++)
        found = find_in_chain(&site->chains[way], request);
    return found;
}

static const facts_exchange *find_further(const facts_site *site, const http_request *request, const char *address)
{
    for (size_t i = 0; i < site->further.count; i++)
        if (is_url_of(request, site->further.hops[i]) && is_same(site->further.addresses[i], address))
            return &site->further.hops[i]->exchange;
    return NULL;
}

/* Each address was asked for the page of the host. */
static const facts_exchange *find_endpoint(const facts_site *site, const http_request *request, const char *address)
{
    for (size_t name = 0; name < sizeof site->endpoints / sizeof *site->endpoints; name++) {
        const facts_endpoints *endpoints = &site->endpoints[name];

        if (endpoints->name == NULL || strcmp(endpoints->name, request->host) != 0 || !request->secure ||
            request->port != site->port || request->cookies != NULL || strcmp(request->target, site->target) != 0)
            continue;
        for (size_t i = 0; i < endpoints->count; i++)
            if (strcmp(endpoints->items[i].address, address) == 0)
                return &endpoints->items[i].exchange;
    }
    return NULL;
}

/*
 * The page is looked for at the address. What follows from it is taken as any address gave it: only a URL that nobody
 * was asked for is worth a request more.
 */
static const facts_exchange *find(const agent_record *record, const http_request *request, const char *address)
{
    const facts_exchange *found = address != NULL ? find_endpoint(record->site, request, address) : NULL;

    if (found == NULL)
        found = find_in_chains(record->site, record->way, request);
    return found != NULL ? found : find_further(record->site, request, address);
}

/* What was seen without stopping at anything, as it is seen by those who stop at errors of TLS. */
static void replay(const facts_exchange *seen, base_arena *arena, facts_exchange *out)
{
    facts_failure unsuitable = facts_failure_make(FACTS_PHASE_TLS, FACTS_FAILURE_HTTP2_UNSUITABLE_CIPHER, NULL);

    *out = *seen;
    if (out->tls.error_count > 0) {
        out->response = NULL;
    } else if (out->http2_unsuitable) {
        out->response = NULL;
        out->failure = facts_failure_keep(&unsuitable, arena);
    }
}

/* -- What was not -------------------------------------------------------------------------------------------------- */

static void on_answer(void *self)
{
    asking *a = self, over = *a;

    *a->out = a->hop->exchange;
    free(a);
    over.done(over.self);
}

static const char *url_of(const http_request *request, base_arena *arena)
{
    bool bracketed = request->is_address && strchr(request->host, ':') != NULL;
    bool usual = request->port == (request->secure ? 443 : 80);
    const char *port = usual ? "" : base_arena_format(arena, ":%d", request->port);

    return base_arena_format(arena, "%s://%s%s%s%s%s", request->secure ? "https" : "http", bracketed ? "[" : "",
                             request->host, bracketed ? "]" : "", port, request->target);
}

/* Keeps the request with the rest: what it points to must live as long as the site. */
static facts_hop *keep(agent_record *record, const http_request *request, const char *address)
{
    base_arena *arena = &record->site->arena;
    facts_further *further = &record->site->further;
    facts_hop *hop = base_arena_take(arena, sizeof *hop);

    hop->url = url_of(request, arena);
    hop->port = request->port;
    if (hf_host_parse(request->host, strlen(request->host), NULL, &hop->host, NULL) != HF_OK)
        abort(); /* it is canonical */
    further->hops[further->count] = hop;
    further->addresses[further->count++] = address;
    return hop;
}

static void ask(agent_record *record, const http_request *request, const char *address, asking *a)
{
    base_arena *arena = &record->site->arena;

    a->hop = keep(record, request, address);
    a->request = *request;
    a->request.host = a->hop->host.name;
    a->request.target = base_arena_string(arena, request->target);
    a->request.cookies = base_arena_string(arena, request->cookies);
    a->request.deadline = record->deadline;
    if (address != NULL && request->secure && request->port == record->site->port &&
        io_address_parse(address, record->address_port, &a->address))
        a->request.address = &a->address;
    record->wire->exchange(record->wire->self, &a->request, arena, &a->hop->exchange, on_answer, a);
}

static void exchange(void *self, const http_request *request, base_arena *arena, facts_exchange *out,
                     void (*done)(void *self), void *done_self)
{
    agent_record *record = self;
    const char *address = record->host != NULL && strcmp(record->host, request->host) == 0 ? record->address : NULL;
    const facts_exchange *seen = find(record, request, address);
    facts_failure not_asked = facts_failure_make(FACTS_PHASE_RESOLVE, FACTS_FAILURE_NOT_ASKED, NULL);
    asking *a;

    if (seen != NULL) {
        replay(seen, arena, out);
        done(done_self);
    } else if (record->wire == NULL || record->site->further.count == FACTS_FURTHER_MAX) {
        *out = (facts_exchange){.secure = request->secure, .failure = facts_failure_keep(&not_asked, arena)};
        done(done_self);
    } else {
        a = base_allocate(sizeof *a);
        a->out = out;
        a->done = done;
        a->self = done_self;
        ask(record, request, address, a);
    }
}

agent_transport agent_transport_of_record(agent_record *record)
{
    return (agent_transport){exchange, record};
}
