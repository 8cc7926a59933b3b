/* What the DNS says of the names of a site. */
#include "probe/context.h"

#include "base/domain.h"
#include "probe/https_record.h"
#include <stdio.h>

/*
 * Milliseconds that CAA and HTTPS records have, once it is known which addresses there are. Some resolvers never answer
 * for types that they do not know; a question that got lost is put again after one second (dns/channel.c). No browser
 * waits that long.
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
    const probe_context *context;
    facts_site *site;
    io_timer *timer;
    int64_t until; /* of io_loop_now */
    size_t open, addresses_open;
    ask asks[FACTS_NAMES_MAX][ASKS];
    void (*done)(void *self);
    void *self;
};

/* -- What is kept -------------------------------------------------------------------------------------------------- */

static facts_dns_status *status_at(const ask *a)
{
    facts_dns_status *const statuses[ASKS] = {&a->name->a.status, &a->name->aaaa.status, &a->name->https.status,
                                              &a->name->caa.status};

    return statuses[a->kind];
}

static void keep(const ask *a, const dns_answer *answer)
{
    base_arena *arena = &a->owner->site->arena;

    /* The aliases of the first answer that has any. */
    if (a->kind != ASK_CAA && a->name->alias_count == 0) {
        a->name->aliases = answer->aliases;
        a->name->alias_count = answer->alias_count;
    }
    switch (a->kind) {
    case ASK_A:
        dns_addresses_of(answer, arena, &a->name->a);
        break;
    case ASK_AAAA:
        dns_addresses_of(answer, arena, &a->name->aaaa);
        break;
    case ASK_HTTPS:
        dns_https_of(answer, arena, &a->name->https);
        break;
    default:
        dns_caa_of(answer, arena, &a->name->caa);
        break;
    }
}

/* -- The end ------------------------------------------------------------------------------------------------------- */

static void arm(asking *all, int64_t milliseconds)
{
    int64_t left = all->until - io_loop_now(all->context->client->loop);

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

/* -- Questions ----------------------------------------------------------------------------------------------------- */

static void on_reply(void *self, const dns_reply *reply);

/* The waiter is NULL again by the time the reply came from inside the call, and may even be that of the next question.
 */
static void put(ask *a)
{
    const http_client *client = a->owner->context->client;
    dns_waiter *waiter;

    a->waiter = NULL;
    waiter = dns_ask(dns_resolver_dns(client->resolver), a->host, types[a->kind], on_reply, a);
    if (waiter != NULL)
        a->waiter = waiter;
}

/* RFC 8659 3: "climbing the DNS name tree from the specified label up to, but not including, the DNS root '.' until a
   CAA RRset is found." A failure ends the climb: what stands there is not known. */
static bool climbs_on(ask *a, const dns_answer *answer)
{
    const char *dot = strchr(a->host, '.');

    if (a->kind != ASK_CAA)
        return false;
    a->name->caa.at = a->host;
    if (answer->status != FACTS_DNS_NO_DATA && answer->status != FACTS_DNS_NAME_UNKNOWN)
        return false;
    if (dot == NULL) {
        a->name->caa.at = NULL;
        return false;
    }
    a->host = dot + 1;
    return true;
}

/* What a message comes to as facts: its records, and all that is read out of them. */
#define FACTS_OF_MESSAGE 8

static void read_answer(const ask *a, const dns_reply *reply, dns_answer *answer)
{
    const probe_context *context = a->owner->context;
    facts_failure none;

    if (http_budget_has_room(context->client->budget, FACTS_OF_MESSAGE * reply->length, FACTS_PHASE_RESOLVE, &none))
        dns_reply_read(reply, types[a->kind], &a->owner->site->arena, answer);
    else
        *answer = (dns_answer){.status = FACTS_DNS_HOST_BUDGET};
}

static void on_reply(void *self, const dns_reply *reply)
{
    ask *a = self;
    asking *all = a->owner;
    dns_answer answer;

    a->waiter = NULL;
    read_answer(a, reply, &answer);
    if (climbs_on(a, &answer)) {
        put(a);
        return;
    }
    keep(a, &answer);
    /* That a name above does not exist is no more than that it has no CAA. */
    if (a->kind == ASK_CAA && answer.status == FACTS_DNS_NAME_UNKNOWN)
        a->name->caa.status = FACTS_DNS_NO_DATA;
    close_ask(a);
    if (all->open == 0)
        finish(all);
}

/* -- Names --------------------------------------------------------------------------------------------------------- */

/* RFC 9460 9.1: for port 443 the name itself, for another "_PORT._https." in front of it. */
static const char *https_name(facts_site *site, const hf_host *host)
{
    return site->port == 443 ? host->name : base_arena_format(&site->arena, "_%d._https.%s", site->port, host->name);
}

static void add_name(asking *all, const hf_host *host)
{
    facts_site *site = all->site;
    facts_name *facts = &site->names.list[site->names.count];
    ask *asks = all->asks[site->names.count];

    facts->host = *host;
    site->names.count++;
    facts->unasked = probe_unasked(all->context->client, &facts->host, site->port);
    if (facts->unasked != FACTS_UNASKED_ASKED)
        return;
    facts->https.name = https_name(site, &facts->host);
    for (kind k = 0; k < ASKS; k++)
        asks[k] = (ask){all, facts, k, true, NULL, k == ASK_HTTPS ? facts->https.name : facts->host.name};
    all->open += ASKS;
    all->addresses_open += 2;
}

static void look_at_site(const probe_context *context, facts_site *site, void (*done)(void *self), void *self)
{
    asking *all = base_arena_take(&site->arena, sizeof *all);
    const http_client *client = context->client;
    hf_host www;

    *all = (asking){.context = context, .site = site, .done = done, .self = self, .open = 1};
    all->timer = io_timer_new(client->loop, on_time_over, all);
    all->until = context->deadline;
    add_name(all, &site->host);
    if (site->www && base_domain_www(&site->host, &www))
        add_name(all, &www);
    arm(all, client->limits.resolve);
    for (size_t i = 0; i < site->names.count; i++)
        for (kind k = 0; k < ASKS && site->names.list[i].unasked == FACTS_UNASKED_ASKED; k++)
            put(&all->asks[i][k]);
    if (--all->open == 0)
        finish(all);
}

const probe_look probe_look_dns = {FACTS_DEPTH_FULL, look_at_site};
