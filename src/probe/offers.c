/*
 * Which protocols and ciphers the server offers: of each version all suites are offered, then all but the one it chose,
 * and so on until it refuses; then groups and signature schemes in the same way. All versions at once.
 */
#include "probe/context.h"

#include "http/greet.h"
#include "tls/registry.h"

#include <string.h>

#define CONNECTIONS_MAX 640 /* more than one server has suites, groups and signatures */
#define ANSWER_MAX 5000     /* milliseconds */

typedef enum stage { SUITES, ORDER, GROUPS, SIGNATURES, OVER } stage;

typedef struct look look;

/* One version. */
typedef struct walk {
    look *look;
    facts_protocol *protocol;
    uint16_t version;
    stage stage;
    /* What is still offered, and what the server chose. */
    uint16_t suites[TLS_SUITES_MAX], groups[TLS_GROUPS_MAX], signatures[TLS_SIGNATURES_MAX];
    size_t suite_count, group_count, signature_count;
    uint16_t last_group, kept_group; /* chosen last; offered behind the others all the same: 0: none */
    facts_suite chosen[TLS_SUITES_MAX];
    const char *names[TLS_GROUPS_MAX], *schemes[TLS_SIGNATURES_MAX];
    tls_hello hello;
    http_greeting greeting;
} walk;

struct look {
    http_client client; /* with a budget of its own */
    http_budget budget;
    facts_site *site;
    http_request request;
    walk walks[FACTS_TLS_VERSIONS];
    size_t open;
    void (*done)(void *self);
    void *self;
};

static void ask(walk *w);

static bool remove_from(uint16_t *list, size_t *count, uint16_t number)
{
    for (size_t i = 0; i < *count; i++)
        if (list[i] == number) {
            memmove(&list[i], &list[i + 1], (--*count - i) * sizeof *list);
            return true;
        }
    return false;
}

/* -- From stage to stage ------------------------------------------------------------------------------------------- */

/* Of the suites that it chose, those that what comes next can be seen with: all of them in TLS 1.3, those with an
   ephemeral key before. */
static void offer_chosen(walk *w, bool curves)
{
    w->suite_count = 0;
    for (size_t i = 0; i < w->protocol->suite_count; i++) {
        uint16_t suite = (uint16_t)w->chosen[i].number;
        tls_exchange exchange = tls_suite_exchange(suite);

        if (w->version == TLS_1_3 || exchange == TLS_EXCHANGE_ECDH || (!curves && exchange == TLS_EXCHANGE_DH))
            w->suites[w->suite_count++] = suite;
    }
}

/* The other way round: who goes by the client's order then chooses the last. */
static void offer_reversed(walk *w)
{
    w->suite_count = w->protocol->suite_count;
    for (size_t i = 0; i < w->suite_count; i++)
        w->suites[i] = (uint16_t)w->chosen[w->suite_count - 1 - i].number;
}

static void close_walk(walk *w)
{
    look *l = w->look;

    if (--l->open == 0)
        l->done(l->self);
}

static void enter(walk *w, stage next)
{
    w->stage = next;
    w->group_count = tls_groups_of(w->version, w->groups);
    w->signature_count = tls_signatures_of(w->version, w->signatures);
    if (next == ORDER && w->protocol->suite_count < 2)
        enter(w, GROUPS);
    else if (next == ORDER)
        offer_reversed(w);
    else if (next == GROUPS || next == SIGNATURES)
        offer_chosen(w, next == GROUPS);
}

static bool is_worth_asking(const walk *w)
{
    switch (w->stage) {
    case SUITES:
    case ORDER:
        return w->suite_count > 0;
    case GROUPS:
        return w->version != TLS_SSL3 && w->suite_count > 0 && w->group_count > 0;
    case SIGNATURES:
        return w->version == TLS_1_2 && w->suite_count > 0 && w->signature_count > 0;
    case OVER:
        return true;
    }
    return false;
}

static void go_on(walk *w)
{
    while (!is_worth_asking(w))
        enter(w, w->stage + 1);
    if (w->stage == OVER)
        close_walk(w);
    else
        ask(w);
}

/* -- What the server says ------------------------------------------------------------------------------------------ */

static bool keep_suite(walk *w, const tls_reply *reply)
{
    facts_offers *offers = &w->look->site->offers;

    if (!remove_from(w->suites, &w->suite_count, reply->suite))
        return false;
    w->chosen[w->protocol->suite_count++] = (facts_suite){.number = reply->suite,
                                                          .name = tls_suite_name(reply->suite),
                                                          .group = tls_group_name(reply->group),
                                                          .dh_bits = reply->dh_bits};
    w->protocol->deflate = w->protocol->deflate || reply->deflate;
    if (w->version < TLS_1_3) {
        offers->secure_renegotiation = offers->secure_renegotiation || reply->secure_renegotiation;
        offers->tickets = offers->tickets || reply->tickets;
        offers->session_ids = offers->session_ids || reply->session_ids;
        offers->extended_master_secret = offers->extended_master_secret || reply->extended_master_secret;
    }
    return true;
}

/* False: it chose what was not offered, or nothing that leads on. */
static bool keep_answer(walk *w, const tls_reply *reply)
{
    facts_protocol *protocol = w->protocol;

    switch (w->stage) {
    case SUITES:
        return keep_suite(w, reply);
    case ORDER:
        protocol->order = reply->suite == w->suites[0] ? FACTS_ORDER_CLIENT : FACTS_ORDER_SERVER;
        return false;
    case GROUPS:
        if (reply->group == w->kept_group || !remove_from(w->groups, &w->group_count, reply->group))
            return false;
        w->last_group = reply->group;
        w->names[protocol->group_count++] = tls_group_name(reply->group);
        return true;
    default:
        if (!remove_from(w->signatures, &w->signature_count, reply->signature))
            return false;
        w->schemes[protocol->signature_count++] = tls_signature_name(reply->signature);
        return true;
    }
}

/* A refusal is an answer, by an alert or by closing; silence, and a host that is not reached any more, are not. */
static const facts_failure *trouble_of(const walk *w)
{
    const http_greeting *greeting = &w->greeting;

    if (greeting->exchange.failure != NULL)
        return greeting->exchange.failure;
    return greeting->state == TLS_REPLY_MORE && greeting->failure->code == FACTS_FAILURE_TLS_TIMEOUT ? greeting->failure
                                                                                                     : NULL;
}

/* RFC 8422 5.1: a client "MUST NOT negotiate the use of an ECC cipher suite" with a certificate of a curve that it does
   not list. So what refuses may be the certificate: its curve stays on the list, behind the others. */
static bool keeps_curve(walk *w)
{
    if (w->stage != GROUPS || w->version == TLS_1_3 || w->kept_group != 0 || w->last_group == 0 || w->group_count == 0)
        return false;
    w->kept_group = w->last_group;
    w->groups[w->group_count++] = w->kept_group;
    return true;
}

static void on_greeting(void *self)
{
    walk *w = self;
    const http_greeting *greeting = &w->greeting;

    w->look->site->offers.looked = w->look->site->offers.looked || greeting->exchange.failure == NULL;
    w->protocol->failure = trouble_of(w);
    if (w->protocol->failure != NULL)
        w->stage = OVER;
    else if (greeting->state != TLS_REPLY_HELLO || greeting->reply.version != w->version ||
             !keep_answer(w, &greeting->reply)) {
        if (greeting->state == TLS_REPLY_HELLO || !keeps_curve(w))
            enter(w, w->stage + 1);
    }
    go_on(w);
}

static void ask(walk *w)
{
    static const uint16_t tls13[] = {TLS_1_3};
    bool is_13 = w->version == TLS_1_3;

    w->hello = (tls_hello){.host = w->look->request.is_address ? NULL : w->look->request.host,
                           .version = is_13 ? TLS_1_2 : w->version,
                           .versions = {tls13, is_13},
                           .suites = {w->suites, w->suite_count},
                           .groups = {w->groups, w->group_count},
                           .signatures = {w->signatures, w->signature_count},
                           .deflate = !is_13};
    w->greeting = (http_greeting){.hello = &w->hello, .limit = ANSWER_MAX, .exchange_of = tls_suite_exchange};
    http_greet(&w->look->client, &w->look->request, &w->look->site->arena, &w->greeting, on_greeting, w);
}

static void look_at_site(const probe_context *context, facts_site *site, void (*done)(void *self), void *self)
{
    static const uint16_t versions[] = {TLS_SSL3, TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3};
    int64_t now = io_loop_now(context->client->loop);
    look *l;

    if (!site->offers.wanted) {
        done(self);
        return;
    }
    l = base_arena_take(&site->arena, sizeof *l);
    *l = (look){.client = *context->client, .site = site, .open = FACTS_TLS_VERSIONS, .done = done, .self = self};
    l->budget = HTTP_BUDGET_OF(&site->arena);
    l->budget.connections = CONNECTIONS_MAX;
    l->client.budget = &l->budget;
    l->request = (http_request){.host = site->host.name,
                                .named = true,
                                .is_address = site->host.kind != HF_HOST_NAME,
                                .port = site->port,
                                /* Other looks wait for this one, and need time too. */
                                .deadline = now + (context->deadline - now) / 2};
    for (size_t i = 0; i < FACTS_TLS_VERSIONS; i++) {
        walk *w = &l->walks[i];

        w->look = l;
        w->protocol = &site->offers.protocols[i];
        w->version = versions[i];
        w->suite_count = tls_suites_of(w->version, w->suites);
        w->protocol->suites = w->chosen;
        w->protocol->groups = w->names;
        w->protocol->signatures = w->schemes;
        enter(w, SUITES);
        ask(w);
    }
}

const probe_look probe_look_offers = {FACTS_DEPTH_FULL, look_at_site};
