#include "probe/dns.h"

#include <stdio.h>

/*
 * Milliseconds that CAA and HTTPS records have, once it is known which addresses there are. Some resolvers never answer for types
 * that they do not know; a question that got lost is put again after one second (dns/channel.c). No browser waits that long.
 */
#define EXTRA 2000

typedef enum kind { ASK_A, ASK_AAAA, ASK_HTTPS, ASK_CAA, ASKS } kind;

static const dns_type types[ASKS] = {DNS_A, DNS_AAAA, DNS_HTTPS, DNS_CAA};

typedef struct asking asking;

/* One question, or, for CAA, one after the other up the tree. */
typedef struct ask {
    asking *owner;
    facts_name *name;
    kind kind;
    bool open;
    dns_waiter *waiter;
    const char *host; /* what is asked for */
} ask;

struct asking {
    const probe_context *order;
    facts_site *site;
    io_timer *timer;
    int64_t until; /* of io_loop_now */
    size_t open, addresses_open;
    ask asks[FACTS_NAMES_MAX][ASKS];
    void (*done)(void *self);
    void *self;
};

/* -- From net to facts -------------------------------------------------------------------------------------------------------- */

static facts_dns_status status_of(dns_status status)
{
    static const facts_dns_status statuses[] = {
        [DNS_STATUS_ANSWERED] = FACTS_DNS_ANSWERED,         [DNS_STATUS_NO_DATA] = FACTS_DNS_NO_DATA,
        [DNS_STATUS_NAME_UNKNOWN] = FACTS_DNS_NAME_UNKNOWN, [DNS_STATUS_SERVER_FAILURE] = FACTS_DNS_SERVER_FAILURE,
        [DNS_STATUS_REFUSED] = FACTS_DNS_REFUSED,           [DNS_STATUS_TIMEOUT] = FACTS_DNS_TIMEOUT,
        [DNS_STATUS_UNREACHABLE] = FACTS_DNS_UNREACHABLE,   [DNS_STATUS_MALFORMED] = FACTS_DNS_MALFORMED,
    };

    return statuses[status];
}

/* Those of the first answer that has any. */
static void keep_aliases(const ask *a, const dns_answer *answer)
{
    base_arena *arena = &a->owner->site->arena;
    facts_alias *aliases;

    if (a->name->alias_count > 0 || answer->alias_count == 0)
        return;
    aliases = base_arena_take(arena, answer->alias_count * sizeof *aliases);
    for (size_t i = 0; i < answer->alias_count; i++)
        aliases[i] = (facts_alias){answer->aliases[i].from, answer->aliases[i].to, answer->aliases[i].ttl};
    a->name->aliases = aliases;
    a->name->alias_count = answer->alias_count;
}

static void keep_addresses(const ask *a, const dns_answer *answer, facts_addresses *addresses)
{
    base_arena *arena = &a->owner->site->arena;
    facts_address *list = base_arena_take(arena, answer->count * sizeof *list);
    char text[IO_ADDRESS_TEXT];
    io_address address;

    addresses->list = list;
    for (size_t i = 0; i < answer->count; i++) {
        if (!dns_address(answer->values[i].data, 0, &address)) {
            addresses->status = FACTS_DNS_MALFORMED;
            continue;
        }
        io_address_format(&address, text);
        list[addresses->count++] = (facts_address){base_arena_string(arena, text), answer->values[i].ttl};
    }
}

static void keep_caa(const ask *a, const dns_answer *answer)
{
    facts_caa_record *records = base_arena_take(&a->owner->site->arena, answer->count * sizeof *records);

    for (size_t i = 0; i < answer->count; i++) {
        dns_caa caa = {0};
        bool read = dns_caa_read(answer->values[i].data, &caa);

        records[i] = (facts_caa_record){.flags = caa.flags,
                                        .tag = caa.tag,
                                        .value = caa.value,
                                        .raw = answer->values[i].data,
                                        .ttl = answer->values[i].ttl,
                                        .malformed = !read};
    }
    a->name->caa.records = records;
    a->name->caa.count = answer->count;
}

static void keep_svcb(const dns_value *value, base_arena *arena, facts_https_record *record)
{
    dns_svcb svcb;
    const char *fault = dns_svcb_read(value->data, arena, &svcb);
    facts_https_param *unknown = base_arena_take(arena, svcb.unknown_count * sizeof *unknown);

    for (size_t i = 0; i < svcb.unknown_count; i++)
        unknown[i] = (facts_https_param){svcb.unknown[i].key, svcb.unknown[i].value};
    *record = (facts_https_record){.priority = svcb.priority,
                                   .target = svcb.target,
                                   .alpn = svcb.alpn,
                                   .alpn_count = svcb.alpn_count,
                                   .no_default_alpn = svcb.no_default_alpn,
                                   .ech = svcb.ech.data != NULL,
                                   .port = svcb.port,
                                   .ipv4hint = svcb.ipv4hint,
                                   .ipv4hint_count = svcb.ipv4hint_count,
                                   .ipv6hint = svcb.ipv6hint,
                                   .ipv6hint_count = svcb.ipv6hint_count,
                                   .mandatory = svcb.mandatory,
                                   .mandatory_count = svcb.mandatory_count,
                                   .unknown = unknown,
                                   .unknown_count = svcb.unknown_count,
                                   .fault = fault,
                                   .raw = value->data,
                                   .ttl = value->ttl};
}

static void keep_https(const ask *a, const dns_answer *answer)
{
    base_arena *arena = &a->owner->site->arena;
    facts_https_record *records = base_arena_take(arena, answer->count * sizeof *records);

    for (size_t i = 0; i < answer->count; i++)
        keep_svcb(&answer->values[i], arena, &records[i]);
    a->name->https.records = records;
    a->name->https.count = answer->count;
}

static facts_dns_status *status_at(const ask *a)
{
    facts_dns_status *const statuses[ASKS] = {&a->name->a.status, &a->name->aaaa.status, &a->name->https.status,
                                              &a->name->caa.status};

    return statuses[a->kind];
}

static void keep(const ask *a, const dns_answer *answer)
{
    *status_at(a) = status_of(answer->status);
    if (a->kind != ASK_CAA)
        keep_aliases(a, answer);
    switch (a->kind) {
    case ASK_A:
        keep_addresses(a, answer, &a->name->a);
        break;
    case ASK_AAAA:
        keep_addresses(a, answer, &a->name->aaaa);
        break;
    case ASK_HTTPS:
        keep_https(a, answer);
        break;
    default:
        keep_caa(a, answer);
        break;
    }
}

/* -- The end ------------------------------------------------------------------------------------------------------------------ */

static void arm(asking *all, int64_t milliseconds)
{
    int64_t left = all->until - io_loop_now(all->order->client->loop);

    io_timer_start(all->timer, milliseconds < left ? milliseconds : left);
}

static void finish(asking *all)
{
    io_timer_free(all->timer);
    all->done(all->self);
}

static void close_ask(ask *a)
{
    a->open = false;
    a->owner->open--;
    if (a->kind <= ASK_AAAA && --a->owner->addresses_open == 0)
        arm(a->owner, EXTRA);
}

static void on_time_over(void *self)
{
    asking *all = self;

    for (size_t i = 0; i < FACTS_NAMES_MAX; i++)
        for (kind k = 0; k < ASKS; k++) {
            ask *a = &all->asks[i][k];

            if (!a->open)
                continue;
            dns_cancel(a->waiter);
            *status_at(a) = FACTS_DNS_TIMEOUT;
            if (k == ASK_CAA)
                a->name->caa.at = a->host;
        }
    finish(all);
}

/* -- Questions ---------------------------------------------------------------------------------------------------------------- */

static void on_reply(void *self, const dns_reply *reply);

/* The waiter is NULL again by the time the reply came from inside the call, and may even be that of the next question. */
static void put(ask *a)
{
    const http_client *client = a->owner->order->client;
    dns_waiter *waiter;

    a->waiter = NULL;
    waiter = dns_ask(dns_resolver_dns(client->resolver), a->host, types[a->kind], on_reply, a);
    if (waiter != NULL)
        a->waiter = waiter;
}

/* RFC 8659 3: "climbing the DNS name tree from the specified label up to, but not including, the DNS root '.' until a CAA RRset is
   found." A failure ends the climb: what stands there is not known. */
static bool climbs_on(ask *a, const dns_answer *answer)
{
    const char *dot = strchr(a->host, '.');

    if (a->kind != ASK_CAA)
        return false;
    a->name->caa.at = a->host;
    if (answer->status != DNS_STATUS_NO_DATA && answer->status != DNS_STATUS_NAME_UNKNOWN)
        return false;
    if (dot == NULL) {
        a->name->caa.at = NULL;
        return false;
    }
    a->host = dot + 1;
    return true;
}

static void on_reply(void *self, const dns_reply *reply)
{
    ask *a = self;
    asking *all = a->owner;
    dns_answer answer;

    a->waiter = NULL;
    dns_reply_read(reply, types[a->kind], &all->site->arena, &answer);
    if (climbs_on(a, &answer)) {
        put(a);
        return;
    }
    keep(a, &answer);
    /* That a name above does not exist is no more than that it has no CAA. */
    if (a->kind == ASK_CAA && answer.status == DNS_STATUS_NAME_UNKNOWN)
        a->name->caa.status = FACTS_DNS_NO_DATA;
    close_ask(a);
    if (all->open == 0)
        finish(all);
}

/* -- Names -------------------------------------------------------------------------------------------------------------------- */

static const char *why_unasked(const http_client *client, const hf_host *host, int port)
{
    static const char *const known[] = {NULL, "address", "localhost", "hosts-file"};
    io_address addresses[IO_ADDRESSES_MAX];
    dns_known how = dns_resolver_known(client->resolver, host->name, port, addresses, &(size_t){0});
    const char *to;
    int to_port;
    size_t count;

    if (how == DNS_KNOWN_ADDRESS || how == DNS_KNOWN_LOCALHOST)
        return known[how];
    if (dns_client_is_chosen(dns_resolver_dns(client->resolver)))
        return NULL;
    http_route_target(client->route, host->name, port, &to, &to_port);
    if (http_proxy_for(client->proxies, host->name, true) != NULL)
        return "proxy";
    if (to != host->name || http_route_addresses(client->route, to, to_port, addresses, IO_ADDRESSES_MAX, &count))
        return "route";
    return known[how];
}

/* RFC 9460 9.1: for port 443 the name itself, for another "_PORT._https." in front of it. */
static const char *https_name(facts_site *site, const hf_host *host)
{
    return site->port == 443 ? host->name : base_arena_format(&site->arena, "_%d._https.%s", site->port, host->name);
}

static void add_name(asking *all, const char *name)
{
    facts_site *site = all->site;
    facts_name *facts = &site->names.list[site->names.count];
    ask *asks = all->asks[site->names.count];

    if (hf_host_parse(name, strlen(name), NULL, &facts->host, NULL) != HF_OK)
        return;
    site->names.count++;
    facts->unasked = why_unasked(all->order->client, &facts->host, site->port);
    if (facts->unasked != NULL)
        return;
    facts->https.name = https_name(site, &facts->host);
    for (kind k = 0; k < ASKS; k++)
        asks[k] = (ask){all, facts, k, true, NULL, k == ASK_HTTPS ? facts->https.name : facts->host.name};
    all->open += ASKS;
    all->addresses_open += 2;
}

void probe_dns(const probe_context *order, facts_site *site, void (*done)(void *self), void *self)
{
    asking *all = base_arena_take(&site->arena, sizeof *all);
    const http_client *client = order->client;

    *all = (asking){.order = order, .site = site, .done = done, .self = self, .open = 1};
    all->timer = io_timer_new(client->loop, on_time_over, all);
    all->until = order->deadline;
    add_name(all, site->host.name);
    if (site->www)
        add_name(all, base_arena_format(&site->arena, "www.%s", site->host.name));
    arm(all, client->limits.resolve);
    for (size_t i = 0; i < site->names.count; i++)
        for (kind k = 0; k < ASKS && site->names.list[i].unasked == NULL; k++)
            put(&all->asks[i][k]);
    if (--all->open == 0)
        finish(all);
}
