/* Plain HTTP: what is served there, and whether it leads to HTTPS on the same host before anything else. */
#include "rules/families.h"

#define SLOW 10000       /* milliseconds */
#define CONTENT_SHOWN 60 /* octets of what a server sent, in the proof */

static bool is_closed(const facts_failure *failure)
{
    return failure->code == FACTS_FAILURE_CONNECTION_REFUSED || failure->code == FACTS_FAILURE_CONNECT_TIMEOUT;
}

static void judge_silence(const rule_context *context, const facts_hop *hop)
{
    const facts_failure *failure = hop->exchange.failure;

    if (is_closed(failure))
        rule_add(context, hop, RULE_HTTP_CLOSED, "port %d: %s", hop->port, facts_code_text(failure->code));
    else if (rule_of_failure(failure) != RULE_COUNT && hop->exchange.refused == NULL)
        rule_add(context, hop, RULE_HTTP_BROKEN, "port %d: %s", hop->port, facts_code_text(failure->code));
}

/* RFC 6797 7.2: "An HSTS Host MUST NOT include the STS header field in HTTP responses conveyed over non-secure
 * transport." */
static void judge_clear_field(const rule_context *context, const facts_hop *hop)
{
    const facts_response *response = hop->exchange.response;

    if (!hop->exchange.secure && facts_sts_first(response) != NULL)
        rule_add(context, hop, RULE_HTTP_STS_IN_CLEAR, "in the response with status %d", response->status);
}

/* RFC 6797 7.2: the answer should be "a status code indicating a permanent redirect, such as status code 301". */
static void judge_status(const rule_context *context, const facts_hop *hop)
{
    int status = hop->exchange.response->status;

    if (status != 301 && status != 308)
        rule_add(context, hop, RULE_HTTP_REDIRECT_TEMPORARY, "the answer is %d", status);
}

/* How what was served begins, as one line; "" where nothing is known of it. */
static const char *content_text(const facts_content *content, base_arena *arena)
{
    if (content->prefix.length == 0)
        return "";
    return base_arena_format(arena, ", with content that begins '%s'",
                             rule_escaped(content->prefix, CONTENT_SHOWN, "", arena));
}

/* The chain ended in clear, on the host itself. */
static void judge_clear_end(const rule_context *context, const facts_redirects *chain)
{
    const facts_hop *last = chain->hops[chain->count - 1];
    int status;

    if (chain->end != FACTS_END_ANSWERED)
        return;
    status = last->exchange.response->status;
    rule_add(context, last, status < 400 ? RULE_HTTP_NO_REDIRECT : RULE_HTTP_ERROR, "the answer is %d%s", status,
             content_text(&last->exchange.response->content, context->arena));
}

/* The way leads to a policy that covers this host too, such as its parent's: the next visit is protected. That browsers
 * ask https first is no protection, for whoever is in the way can make them fall back. */
static bool is_known_afterwards(const rule_context *context, facts_way way)
{
    const facts_ending *ending = &context->site->verdict.entrances[way].as_written;

    return ending->seen && ending->knows;
}

/* RFC 6797 8.3: a browser that holds a policy requests https on the port of the http URL, 443 in place of 80; whoever
 * has none is led by the redirect. */
static void judge_port(const rule_context *context, const facts_hop *first, const facts_hop *secure)
{
    int port = first->port == 80 ? 443 : first->port;

    if (secure->port != port)
        rule_add(context, first, RULE_HTTP_REDIRECT_PORT,
                 "it redirects to %s; browsers that hold the policy request port %d instead", secure->url, port);
}

static void judge_way(const rule_context *context, facts_way way)
{
    const facts_redirects *chain = &context->site->chains[way];
    const facts_hop *first = chain->hops[0];
    size_t left = 1; /* the first hop that is no longer plain HTTP on the host itself */

    while (left < chain->count && !chain->hops[left]->exchange.secure &&
           strcmp(chain->hops[left]->host.name, first->host.name) == 0)
        left++;
    if (left == chain->count) {
        judge_clear_end(context, chain);
    } else if (strcmp(chain->hops[left]->host.name, first->host.name) != 0) {
        if (is_known_afterwards(context, way))
            judge_status(context, first);
        else
            rule_add(context, first, RULE_HTTP_REDIRECT_FOREIGN, "it redirects to %s", chain->hops[left]->url);
    } else {
        if (left > 1)
            rule_add(context, first, RULE_HTTP_REDIRECT_LATE, "it redirects to %s, and only then to %s",
                     chain->hops[1]->url, chain->hops[left]->url);
        judge_status(context, first);
        if (is_known_afterwards(context, way))
            judge_port(context, first, chain->hops[left]);
    }
}

/* RFC 9110 15.5.20: the server takes the request for one to another of its hosts. */
static const char *status_text(const facts_response *response, base_arena *arena)
{
    const hf_field *retry = facts_response_field(response, "retry-after");

    if (response->status == 421)
        return ", Misdirected Request: the server takes the request for one to another of its hosts";
    if (retry == NULL || retry->value.length == 0)
        return "";
    return base_arena_format(arena, ", with Retry-After: %s", rule_escaped(retry->value, CONTENT_SHOWN, "", arena));
}

/* 401 asks for a password, and 403 and 429 may be meant for this check alone. */
static void judge_page(const rule_context *context, const facts_redirects *chain)
{
    const facts_hop *last = chain->count > 0 ? chain->hops[chain->count - 1] : NULL;
    const facts_response *response = last != NULL ? last->exchange.response : NULL;

    if (response != NULL && chain->end == FACTS_END_ANSWERED && response->status >= 400 && response->status != 401 &&
        response->status != 403 && response->status != 429 && !facts_exchange_wants_certificate(&last->exchange))
        rule_add(context, last, RULE_HTTPS_ERROR, "the answer is %d%s", response->status,
                 status_text(response, context->arena));
}

static void judge_time(const rule_context *context, const facts_redirects *chain)
{
    for (size_t i = 0; i < chain->count; i++) {
        const facts_exchange *exchange = &chain->hops[i]->exchange;
        int64_t took = exchange->milliseconds[FACTS_PHASE_RESPONSE];

        if (exchange->response != NULL && took > SLOW)
            rule_add(context, chain->hops[i], RULE_HTTPS_SLOW, "the response came after %lld.%lld s",
                     (long long)(took / 1000), (long long)(took % 1000 / 100));
    }
}

static void judge_site(const rule_context *context)
{
    const facts_redirects *chains = context->site->chains;

    judge_page(context, &chains[FACTS_HTTPS]);
    judge_time(context, &chains[FACTS_HTTPS]);

    for (facts_way way = 0; way < FACTS_WAYS; way++)
        for (size_t i = 0; i < chains[way].count; i++)
            judge_clear_field(context, chains[way].hops[i]);
    for (facts_way way = FACTS_HTTP; way < FACTS_WAYS; way += FACTS_WWW_HTTP - FACTS_HTTP) {
        if (chains[way].count == 0)
            continue;
        if (chains[way].hops[0]->exchange.response != NULL)
            judge_way(context, way);
        else if (way == FACTS_HTTP)
            judge_silence(context, chains[way].hops[0]);
    }
}

const rule_family rule_family_http = {.name = "http", .site = judge_site};
