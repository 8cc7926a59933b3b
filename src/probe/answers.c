/*
 * The same host, asked in other ways: HEAD and GET, the page and a path that cannot exist, over HTTP/2
 * where the server speaks that, and over HTTP/1.1. One connection for each version of HTTP, unless the server closes
 * it.
 */
#include "probe/context.h"

#include "base/domain.h"
#include "facts/location.h"
#include "http/url.h"
#include "tls/digest.h"

#define QUESTIONS 4
#define CONNECTIONS_MAX 8 /* for one host, when the server closes after each answer */
#define NAME_OCTETS 8     /* of the digest, in the name of the path that cannot exist */

typedef struct look look;

/* A host, and what it is asked. */
typedef struct talk {
    look *look;
    hf_host host;
    http_url page, missing;
    http_request request;
    io_address address; /* the first connection reached it, and the others are to */
    http_request_line asks[QUESTIONS];
    http_answer answers[QUESTIONS];
    facts_exchange connection;
    size_t asked; /* questions that were put on this version of HTTP already */
    size_t connections;
} talk;

struct look {
    const probe_context *context;
    facts_site *site;
    talk talks[2];
    size_t open;
    void (*done)(void *self);
    void *self;
};

/* -- The questions ------------------------------------------------------------------------------------------------- */

/* A path that nobody has: the same for a host each time, so that what was seen can be seen again, and another for every
 * host. */
static const char *missing_path(const char *host, base_arena *arena)
{
    static const char digits[] = "0123456789abcdef";
    char name[2 * NAME_OCTETS + 1] = "";
    uint8_t digest[TLS_SHA256_SIZE];

    tls_sha256(host, strlen(host), digest);
    for (size_t i = 0; i < NAME_OCTETS; i++) {
        name[2 * i] = digits[digest[i] >> 4];
        name[2 * i + 1] = digits[digest[i] & 15];
    }
    return base_arena_format(arena, "/holdfast-%s", name);
}

/* The GET of the page comes last, because its body need not be waited for. */
static void prepare(look *l, const hf_host *host)
{
    base_arena *arena = &l->site->arena;
    int port = l->site->port;
    talk *t = &l->talks[l->open++];

    http_url_make(HF_SCHEME_HTTPS, host, port, l->site->target, arena, &t->page);
    http_url_make(HF_SCHEME_HTTPS, host, port, missing_path(host->name, arena), arena, &t->missing);
    t->host = *host;
    t->look = l;
    t->request = (http_request){.host = t->host.name,
                                .named = true,
                                .is_address = t->host.kind != HF_HOST_NAME,
                                .port = t->page.url.port,
                                .secure = true,
                                .now = l->context->now,
                                .deadline = l->context->deadline,
                                .offer = TLS_OFFER_BOTH};
    t->asks[0] = (http_request_line){FACTS_METHOD_HEAD, t->page.target};
    t->asks[1] = (http_request_line){FACTS_METHOD_HEAD, t->missing.target};
    t->asks[2] = (http_request_line){FACTS_METHOD_GET, t->missing.target};
    t->asks[3] = (http_request_line){FACTS_METHOD_GET, t->page.target};
}

/* -- The answers --------------------------------------------------------------------------------------------------- */

/* Where it leads is only shown: beyond the budget it is not. */
static void find_location(const talk *t, facts_hop *hop, const http_url *url)
{
    base_arena *arena = &t->look->site->arena;
    facts_failure none;
    const facts_response *response = hop->exchange.response;
    http_url next;

    if (response != NULL && facts_location_of(response, &hop->location) == FACTS_FOLLOW &&
        http_budget_has_room(t->look->context->client->budget, 4 * hop->location->length, FACTS_PHASE_PROBE, &none) &&
        http_url_read(url, hop->location->data, hop->location->length, arena, &next, NULL) == HTTP_URL_GOOD)
        hop->to = next.text;
}

static void keep_answer(talk *t, size_t i)
{
    facts_site *site = t->look->site;
    const http_answer *from = &t->answers[i];
    const http_url *url = t->asks[i].target == t->page.target ? &t->page : &t->missing;
    facts_answer *answer;

    if (site->answers.count == FACTS_ANSWERS_MAX)
        return;
    answer = base_arena_take(&site->arena, sizeof *answer);
    answer->method = t->asks[i].method;
    answer->missing = url == &t->missing;
    answer->hop = (facts_hop){.url = url->text, .host = t->host, .port = t->request.port, .exchange = t->connection};
    answer->hop.exchange.response = from->response;
    answer->hop.exchange.failure = from->failure;
    find_location(t, &answer->hop, url);
    site->answers.items[site->answers.count++] = answer;
}

/* How many questions are over; one that never reached the server will be put again. */
static size_t keep_answers(talk *t)
{
    const facts_failure *failure = t->connection.failure;
    size_t i = t->asked;

    while (i < QUESTIONS && (t->answers[i].response != NULL || t->answers[i].failure != NULL)) {
        keep_answer(t, i++);
        /* A failure before the first request says the same of each. */
        if (failure != NULL && failure->phase < FACTS_PHASE_RESPONSE)
            return QUESTIONS;
    }
    return i;
}

static void ask(talk *t);

/* What another address answers would be no difference of the method, the page or the protocol. */
static void stay_at_address(talk *t)
{
    const facts_attempt *reached = facts_exchange_reached(&t->connection);

    if (t->request.address == NULL && t->connection.proxy == NULL && reached != NULL &&
        io_address_parse(reached->address, reached->port, &t->address))
        t->request.address = &t->address;
}

static void on_answers(void *self)
{
    talk *t = self;
    look *l = t->look;
    bool was_http2 = t->connection.tls.alpn != NULL && strcmp(t->connection.tls.alpn, "h2") == 0;
    size_t before = t->asked;

    stay_at_address(t);
    t->asked = keep_answers(t);
    if (t->asked == QUESTIONS && was_http2 && t->request.offer == TLS_OFFER_BOTH) {
        t->request.offer = TLS_OFFER_HTTP1;
        t->asked = 0;
        ask(t);
    } else if (t->asked < QUESTIONS && t->asked > before && t->connections < CONNECTIONS_MAX) {
        ask(t);
    } else if (--l->open == 0) {
        l->done(l->self);
    }
}

static void ask(talk *t)
{
    t->connections++;
    http_fetch_all(t->look->context->client, &t->request, t->asks + t->asked, t->answers + t->asked,
                   QUESTIONS - t->asked, &t->look->site->arena, &t->connection, on_answers, t);
}

static void look_at_site(const probe_context *context, facts_site *site, void (*done)(void *self), void *self)
{
    look *l = base_arena_take(&site->arena, sizeof *l);
    hf_host www;

    *l = (look){.context = context, .site = site, .done = done, .self = self};
    prepare(l, &site->host);
    if (site->www && base_domain_www(&site->host, &www))
        prepare(l, &www);
    for (size_t i = 0, count = l->open; i < count; i++)
        ask(&l->talks[i]);
}

const probe_look probe_look_answers = {FACTS_DEPTH_FULL, look_at_site};
