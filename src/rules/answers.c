/*
 * Is the STS field the same on every answer of a host? A browser asks with GET, over HTTP/2 where it can, and takes
 * whichever page the visitor came to; so an answer that lacks the field, or carries another one, matters as far as
 * browsers get to see it.
 */
#include "rules/families.h"

#define LIST_MAX (2 * FACTS_ANSWERS_MAX + FACTS_WAYS + 64) /* 64: addresses */
#define VALUE_MAX 120                                      /* octets of a value that are shown */

typedef struct answer {
    const facts_hop *hop; /* what was asked */
    const facts_exchange *exchange;
    bool head, missing, http2;
    const char *address;  /* NULL: none is known */
    bool has_field;       /* an STS field came */
    facts_sts_value sent; /* the first */
} answer;

typedef struct list {
    answer items[LIST_MAX];
    size_t count;
} list;

/* -- The list ------------------------------------------------------------------------------------------------------ */

static void add(const rule_context *context, list *l, const facts_hop *hop, const facts_exchange *exchange, bool head,
                bool missing)
{
    const facts_response *response = exchange->response;
    answer *a = &l->items[l->count];
    const hf_field *field = facts_sts_first(response);

    if (!exchange->secure || response == NULL || l->count == LIST_MAX)
        return;
    *a = (answer){.hop = hop, .exchange = exchange, .head = head, .missing = missing};
    a->http2 = response->version == FACTS_HTTP_2;
    a->address = facts_exchange_address(exchange);
    a->has_field = field != NULL;
    if (a->has_field)
        a->sent = rule_sts_value(context->values, field->value);
    l->count++;
}

/* Every answer of `host` there is, that to a visitor's GET first. */
static void collect(const rule_context *context, const char *host, list *l)
{
    const facts_site *site = context->site;

    for (facts_way way = 0; way < FACTS_WAYS; way++)
        if (site->chains[way].count > 0 && strcmp(site->chains[way].hops[0]->host.name, host) == 0)
            add(context, l, site->chains[way].hops[0], &site->chains[way].hops[0]->exchange, false, false);
    for (size_t i = 0; i < site->answers.count; i++) {
        const facts_answer *item = site->answers.items[i];

        if (strcmp(item->hop.host.name, host) == 0)
            add(context, l, &item->hop, &item->hop.exchange, item->method == FACTS_METHOD_HEAD, item->missing);
    }
    for (size_t i = 0; l->count > 0 && i < FACTS_WAYS; i++)
        for (size_t k = 0; k < site->endpoints[i].count && strcmp(site->endpoints[i].name, host) == 0; k++)
            add(context, l, l->items[0].hop, &site->endpoints[i].items[k].exchange, false, false);
}

/* -- Kinds of difference, each between a pair that is alike in all else -------------------------------------------- */

static int status_of(const answer *a)
{
    return a->exchange->response->status;
}

static bool is_redirect(const answer *a)
{
    return status_of(a) / 100 == 3;
}

static bool lacks(const answer *has, const answer *without)
{
    return has->has_field && !without->has_field;
}

static bool has_same_effect(const answer *a, const answer *b)
{
    if (!a->has_field || !b->has_field)
        return a->has_field == b->has_field;
    return a->sent.valid == b->sent.valid &&
           (!a->sent.valid || (a->sent.policy.max_age == b->sent.policy.max_age &&
                               a->sent.policy.include_subdomains == b->sent.policy.include_subdomains));
}

/* Answers that are alike in all but these differ because of them. */
enum {
    BY_METHOD = 1 << 0,
    BY_PAGE = 1 << 1,
    BY_VERSION = 1 << 2,
    BY_ADDRESS = 1 << 3,
};

static unsigned differences(const answer *a, const answer *b)
{
    bool by_address = a->address != NULL && b->address != NULL && strcmp(a->address, b->address) != 0;

    return (a->head != b->head ? BY_METHOD : 0U) | (a->missing != b->missing ? BY_PAGE : 0U) |
           (a->http2 != b->http2 ? BY_VERSION : 0U) | (by_address ? BY_ADDRESS : 0U);
}

static bool is_get(const answer *a, const answer *b)
{
    return !a->head && !b->head;
}

static bool not_on_http2(const answer *a, const answer *b)
{
    return lacks(a, b) && is_get(a, b) && differences(a, b) == BY_VERSION && b->http2;
}

static bool not_on_http1(const answer *a, const answer *b)
{
    return lacks(a, b) && is_get(a, b) && differences(a, b) == BY_VERSION && a->http2;
}

static bool not_on_address(const answer *a, const answer *b)
{
    return lacks(a, b) && is_get(a, b) && differences(a, b) == BY_ADDRESS;
}

static bool is_other_page(const answer *a, const answer *b)
{
    return lacks(a, b) && is_get(a, b) && differences(a, b) == BY_PAGE;
}

static bool not_on_errors(const answer *a, const answer *b)
{
    return is_other_page(a, b) && status_of(b) >= 400;
}

static bool not_on_redirects(const answer *a, const answer *b)
{
    return is_other_page(a, b) && is_redirect(b);
}

static bool not_on_page(const answer *a, const answer *b)
{
    return is_other_page(a, b) && b->missing && status_of(b) < 300;
}

static bool other_policy(const answer *a, const answer *b)
{
    return a->sent.valid && b->sent.valid && is_get(a, b) && !has_same_effect(a, b);
}

static bool head_differs(const answer *a, const answer *b)
{
    return b->head && differences(a, b) == BY_METHOD && !has_same_effect(a, b);
}

/* In this order; `b` is the answer at fault. */
static const struct {
    rule_id id;
    bool (*is)(const answer *a, const answer *b);
} kinds[] = {
    {RULE_HSTS_NOT_ON_HTTP2, not_on_http2},    {RULE_HSTS_NOT_ON_ADDRESS, not_on_address},
    {RULE_HSTS_NOT_ON_ERRORS, not_on_errors},  {RULE_HSTS_NOT_ON_REDIRECTS, not_on_redirects},
    {RULE_REDIRECT_WITHOUT_HSTS, not_on_page}, {RULE_HSTS_DIFFERS, other_policy},
    {RULE_HSTS_NOT_ON_HTTP1, not_on_http1},    {RULE_HSTS_HEAD_DIFFERS, head_differs},
};

/* -- Telling ------------------------------------------------------------------------------------------------------- */

static const char *value_text(const answer *a, base_arena *arena)
{
    if (!a->has_field)
        return "no HSTS header";
    return base_arena_format(arena, "'%s'", rule_escaped(a->sent.value, VALUE_MAX, "...", arena));
}

/* "GET https://a.test/ over HTTP/2, status 404: 'max-age=300'"; the address where there are several. */
static const char *answer_text(const answer *a, bool with_address, base_arena *arena)
{
    with_address = with_address && a->address != NULL;
    return base_arena_format(arena, "%s %s over HTTP/%s%s%s, status %d: %s",
                             facts_method_name(a->head ? FACTS_METHOD_HEAD : FACTS_METHOD_GET), a->hop->url,
                             facts_http_name(a->exchange->response->version), with_address ? " at " : "",
                             with_address ? a->address : "", status_of(a), value_text(a, arena));
}

static bool has_several_addresses(const list *l)
{
    for (size_t i = 1; i < l->count; i++)
        if (differences(&l->items[0], &l->items[i]) & BY_ADDRESS)
            return true;
    return false;
}

static bool is_reported(const finding_list *findings, rule_id id, const facts_hop *hop)
{
    for (size_t i = 0; i < findings->count; i++)
        if (findings->items[i].rule == id && strcmp(findings->items[i].place.host, hop->host.name) == 0)
            return true;
    return false;
}

static finding_place place_of_address(const answer *a)
{
    const facts_attempt *reached = facts_exchange_reached(a->exchange);

    return finding_at_address(a->hop, reached->address, reached->port);
}

/* The first pair is the proof, and how many other answers are at fault in the same way is said. */
static void judge_kind(const rule_context *context, const list *l, size_t kind)
{
    const answer *good = NULL, *bad = NULL;
    size_t more = 0;
    bool by_address, named;

    for (size_t b = 0; b < l->count; b++)
        for (size_t a = 0; a < l->count; a++) {
            if (!kinds[kind].is(&l->items[a], &l->items[b]))
                continue;
            if (bad == NULL) {
                good = &l->items[a];
                bad = &l->items[b];
            } else {
                more++;
            }
            break;
        }
    if (bad == NULL || is_reported(&context->judgement->findings, kinds[kind].id, bad->hop))
        return;
    by_address = differences(good, bad) == BY_ADDRESS;
    named = by_address || has_several_addresses(l);
    rule_add_at(context, by_address ? place_of_address(bad) : rule_place(context, bad->hop), kinds[kind].id, "%s; %s%s",
                answer_text(bad, named, context->arena), answer_text(good, named, context->arena),
                more > 0 ? base_arena_format(context->arena, "; and %zu more like the first", more) : "");
}

static void judge_host(const rule_context *context, const char *host)
{
    list *l = base_arena_take(context->arena, sizeof *l);

    collect(context, host, l);
    for (size_t kind = 0; kind < sizeof kinds / sizeof *kinds; kind++)
        judge_kind(context, l, kind);
}

static void judge_site(const rule_context *context)
{
    const facts_redirects *chains = context->site->chains;

    if (context->site->answers.count == 0)
        return;
    if (chains[FACTS_HTTPS].count > 0)
        judge_host(context, chains[FACTS_HTTPS].hops[0]->host.name);
    if (chains[FACTS_WWW_HTTPS].count > 0)
        judge_host(context, chains[FACTS_WWW_HTTPS].hops[0]->host.name);
}

const rule_family rule_family_answers = {.name = "answers", .site = judge_site};
