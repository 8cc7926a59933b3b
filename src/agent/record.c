#include "agent/record.h"

#include "facts/answers.h"
#include "facts/http3.h"

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

/* The name is written with a dot at its end, which is sent as part of Host; `end` is the end of the authority. */
static bool ends_in_dot(const char *end)
{
    const char *port = end;

    while (port[-1] >= '0' && port[-1] <= '9')
        port--;
    return (port[-1] == ':' ? port[-2] : end[-1]) == '.';
}

/* A normalised URL, as the request writes it. */
static bool is_url_of(const http_request *request, const facts_hop *hop)
{
    const char *target = strstr(hop->url, "://");
    size_t length = strcspn(hop->url, "#");

    target = target != NULL ? strpbrk(target + 3, "/?#") : NULL;
    return target != NULL && target < hop->url + length && hop->port == request->port &&
           hop->exchange.secure == request->secure && strcmp(hop->host.name, request->host) == 0 &&
           ends_in_dot(target) == request->root_dot &&
           strlen(request->target) == length - (size_t)(target - hop->url) &&
           strncmp(target, request->target, strlen(request->target)) == 0;
}

/* A server may answer otherwise over a version of HTTP that the request does not offer. */
static bool is_offered(const http_request *request, const facts_exchange *seen)
{
    bool http2 = seen->tls.alpn != NULL && strcmp(seen->tls.alpn, "h2") == 0;

    return !request->secure || request->offer == TLS_OFFER_BOTH || http2 == (request->offer == TLS_OFFER_HTTP2);
}

/* All but the address. */
static bool is_asked(const http_request *request, const facts_hop *hop)
{
    return is_url_of(request, hop) && facts_exchange_sent(&hop->exchange, request->cookies) &&
           is_offered(request, &hop->exchange);
}

/* `address` NULL: any will do. */
static const facts_exchange *find_in_chain(const facts_redirects *chain, const http_request *request,
                                           const char *address)
{
    for (size_t i = 0; i < chain->count; i++)
        if (is_asked(request, chain->hops[i]) &&
            (address == NULL || is_same(facts_exchange_address(&chain->hops[i]->exchange), address)))
            return &chain->hops[i]->exchange;
    return NULL;
}

static const facts_exchange *find_in_chains(const agent_record *record, const http_request *request,
                                            const char *address)
{
    const facts_redirects *chains = record->site->chains;
    const facts_exchange *found = find_in_chain(&chains[record->way], request, address);

    for (facts_way way = 0; found == NULL && way < FACTS_WAYS; way++)
        found = find_in_chain(&chains[way], request, address);
    return found;
}

static const facts_exchange *find_further(const facts_site *site, const http_request *request, const char *address)
{
    for (size_t i = 0; i < site->further.count; i++)
        if (is_asked(request, site->further.hops[i]) && is_same(site->further.addresses[i], address))
            return &site->further.hops[i]->exchange;
    return NULL;
}

/* The address, among those of the host at the port that is asked; NULL: it is none of them. */
static const facts_endpoint *endpoint_of(const facts_site *site, const http_request *request, const char *address)
{
    for (facts_way way = 0; way < FACTS_WAYS; way++) {
        const facts_endpoints *endpoints = &site->endpoints[way];
        bool secure = way == FACTS_HTTPS || way == FACTS_WWW_HTTPS;

        if (endpoints->name == NULL || strcmp(endpoints->name, request->host) != 0 || request->secure != secure ||
            request->port != (secure ? site->port : site->http_port))
            continue;
        for (size_t i = 0; i < endpoints->count; i++)
            if (strcmp(endpoints->items[i].address, address) == 0)
                return &endpoints->items[i];
    }
    return NULL;
}

/* Each address was asked for the page of the host. */
static const facts_exchange *find_page(const facts_site *site, const http_request *request, const char *address)
{
    const facts_endpoint *endpoint = endpoint_of(site, request, address);

    if (endpoint == NULL || request->cookies != NULL || request->root_dot ||
        strcmp(request->target, site->target) != 0 || !is_offered(request, &endpoint->exchange))
        return NULL;
    return &endpoint->exchange;
}

/* Servers behind the addresses of a name need not agree, so what another one answered is not taken. */
static const facts_exchange *find(const agent_record *record, const http_request *request, const char *address)
{
    const facts_exchange *found = address != NULL ? find_page(record->site, request, address) : NULL;

    if (found == NULL)
        found = find_in_chains(record, request, address);
    return found != NULL ? found : find_further(record->site, request, address);
}

/* The only address that is asked; NULL: any. At other ports of the host the user may have named other addresses. */
static const char *address_for(const agent_record *record, const http_request *request)
{
    bool bound = record->address != NULL && strcmp(record->host, request->host) == 0 &&
                 endpoint_of(record->site, request, record->address) != NULL;

    return bound ? record->address : NULL;
}

static bool is_host(const facts_site *site, const http_request *request)
{
    return request->secure && request->port == site->port && strcmp(request->host, site->host.name) == 0;
}

/* Browsers do not get as far as we did, for their ClientHello does not get through; or perhaps farther, by HTTP/3.
   NULL: they get what we got. */
static const facts_failure *browsers_failure(const facts_site *site, base_arena *arena)
{
    facts_failure unchecked = facts_failure_make(FACTS_PHASE_CONNECT, FACTS_FAILURE_HTTP3_UNCHECKED, NULL);

    if (facts_http3_is_alone(site))
        return facts_failure_keep(&unchecked, arena);
    return site->large_hello.failure;
}

/* It took longer than the browser waits. */
static bool is_late(const facts_exchange *seen, int64_t patience)
{
    int64_t took = 0;

    for (facts_phase phase = 0; phase < FACTS_PHASES; phase++)
        took += seen->milliseconds[phase] > 0 ? seen->milliseconds[phase] : 0;
    return patience != 0 && took > patience;
}

/* What was seen without stopping at anything, as it is seen by those who stop at errors of TLS. */
static void replay(const agent_record *record, const http_request *request, const facts_exchange *seen,
                   base_arena *arena, facts_exchange *out)
{
    facts_failure unsuitable = facts_failure_make(FACTS_PHASE_TLS, FACTS_FAILURE_HTTP2_UNSUITABLE_CIPHER, NULL);
    facts_failure late = facts_failure_make(FACTS_PHASE_RESPONSE, FACTS_FAILURE_RESPONSE_TIMEOUT, NULL);
    const facts_failure *other = is_host(record->site, request) ? browsers_failure(record->site, arena) : NULL;

    *out = *seen;
    if (other != NULL) {
        out->response = NULL;
        out->firefox = NULL;
        out->failure = other;
    }
    if (is_late(seen, request->patience)) {
        *out = (facts_exchange){.secure = seen->secure, .cookies = seen->cookies};
        out->failure = facts_failure_keep(&late, arena);
    } else if (out->tls.error_count > 0) {
        out->response = NULL;
        out->firefox = NULL;
    } else if (out->http2_unsuitable) {
        out->response = NULL;
        out->firefox = NULL;
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

    return base_arena_format(arena, "%s://%s%s%s%s%s%s", request->secure ? "https" : "http", bracketed ? "[" : "",
                             request->host, bracketed ? "]" : "", request->root_dot ? "." : "", port, request->target);
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
    if (address != NULL && io_address_parse(address, endpoint_of(record->site, request, address)->port, &a->address))
        a->request.address = &a->address;
    record->wire->exchange(record->wire->self, &a->request, arena, &a->hop->exchange, on_answer, a);
}

static void exchange(void *self, const http_request *request, base_arena *arena, facts_exchange *out,
                     void (*done)(void *self), void *done_self)
{
    agent_record *record = self;
    const char *address = address_for(record, request);
    const facts_exchange *seen = find(record, request, address);
    facts_failure not_asked = facts_failure_make(FACTS_PHASE_RESOLVE, FACTS_FAILURE_NOT_ASKED, NULL);
    asking *a;

    if (seen != NULL) {
        replay(record, request, seen, arena, out);
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

/* -- HTTPS records ------------------------------------------------------------------------------------------------- */

typedef struct naming {
    agent_record *record;
    hf_host host;
    void (*found)(void *self, bool has);
    void *self;
} naming;

static void on_found(void *self, bool has)
{
    naming *n = self, over = *n;

    free(n);
    if (over.record->named_count < AGENT_RECORD_NAMES_MAX)
        over.record->named[over.record->named_count++] = (agent_named){over.host, has};
    over.found(over.self, has);
}

/* RFC 9460 2.2: "If any RRs are malformed, the client MUST reject the entire RRSet". */
static bool has_record(const facts_https *https)
{
    for (size_t i = 0; i < https->count; i++)
        if (https->records[i].fault != NULL)
            return false;
    return https->status == FACTS_DNS_ANSWERED && https->count > 0;
}

/* True if it was asked for with the site, or before. */
static bool was_named(const agent_record *record, const hf_host *host, bool *has)
{
    const facts_names *names = &record->site->names;

    for (size_t i = 0; record->site->port == 443 && i < names->count; i++)
        if (strcmp(names->list[i].host.name, host->name) == 0) {
            *has = has_record(&names->list[i].https);
            return true;
        }
    for (size_t i = 0; i < record->named_count; i++)
        if (strcmp(record->named[i].host.name, host->name) == 0) {
            *has = record->named[i].has;
            return true;
        }
    return false;
}

static void find_record(void *self, const hf_host *host, void (*found)(void *self, bool has), void *found_self)
{
    agent_record *record = self;
    bool has = false;
    naming *n;

    if (was_named(record, host, &has) || record->wire == NULL || record->wire->find_record == NULL) {
        found(found_self, has);
        return;
    }
    n = base_allocate(sizeof *n);
    *n = (naming){record, *host, found, found_self};
    record->wire->find_record(record->wire->self, host, on_found, n);
}

agent_transport agent_transport_of_record(agent_record *record)
{
    return (agent_transport){exchange, record, find_record};
}
