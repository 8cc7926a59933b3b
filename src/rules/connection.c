/* Hops without a response: the host's fault, or only that this machine could not look. */
#include "rules/families.h"

#include "facts/http3.h"

static bool has_no_address(const facts_failure *failure)
{
    return failure->code == FACTS_FAILURE_NAME_UNKNOWN || failure->code == FACTS_FAILURE_NAME_WITHOUT_ADDRESS;
}

static bool is_unused(const rule_context *context, facts_way way)
{
    return (way == FACTS_WWW_HTTPS || way == FACTS_WWW_HTTP) && rule_is_www_unused(context->site);
}

static void add(const rule_context *context, const facts_hop *hop)
{
    const facts_failure *failure = hop->exchange.failure;

    rule_add(context, hop, rule_of_failure(failure), "%s%s%s (phase %s)", facts_code_text(failure->code),
             *failure->detail ? ": " : "", failure->detail, facts_phase_name(failure->phase));
}

/* A page came: who has no client certificate gets that, or is told so by its status. */
static void judge_request(const rule_context *context, const facts_hop *hop)
{
    const facts_exchange *exchange = &hop->exchange;

    if (facts_exchange_wants_certificate(exchange))
        rule_add(context, hop, RULE_CLIENT_CERTIFICATE,
                 "the server asks for one (CertificateRequest), and answers %d without it", exchange->response->status);
    else if (exchange->tls.asks_certificate)
        rule_add(context, hop, RULE_CLIENT_CERTIFICATE_OPTIONAL,
                 "the server asks for one (CertificateRequest), and answers %d without it", exchange->response->status);
}

static bool is_read_by_firefox(const facts_exchange *exchange)
{
    return exchange->firefox != NULL && exchange->firefox->failure == NULL;
}

static void judge_hop(const rule_context *context, facts_way way, size_t index)
{
    const facts_redirects *chain = &context->site->chains[way];
    const facts_hop *hop = chain->hops[index];
    const facts_failure *failure = hop->exchange.failure;
    bool nameless = failure != NULL && has_no_address(failure);

    if (failure == NULL) {
        judge_request(context, hop);
        return;
    }
    if (hop->exchange.refused != NULL || is_read_by_firefox(&hop->exchange))
        return; /* the family `response` says more */
    if (index == 0 && way == FACTS_HTTPS && facts_http3_is_alone(context->site)) {
        rule_add(context, hop, RULE_HTTP3_ALONE, "over TCP: %s; the HTTPS record says h3",
                 facts_code_text(failure->code));
        return;
    }
    if (nameless && index > 0) {
        rule_add(context, hop, RULE_REDIRECT_UNKNOWN_NAME, "%s redirects to %s: %s", chain->hops[index - 1]->url,
                 hop->host.name, facts_code_text(failure->code));
    } else if (rule_of_failure(failure) != RULE_COUNT) {
        if (hop->exchange.secure && !(index == 0 && is_unused(context, way)))
            add(context, hop);
    }
}

static void judge_http3(const rule_context *context, const facts_hop *hop)
{
    static const char *const places[] = {
        [FACTS_HTTP3_IN_FIELD] = "its Alt-Svc header says h3", [FACTS_HTTP3_IN_RECORD] = "its HTTPS record says h3"};
    facts_http3 where = facts_http3_of(context->site);

    if (where != FACTS_HTTP3_UNSAID && hop->exchange.response != NULL)
        rule_add(context, hop, RULE_HTTP3_UNCHECKED, "%s", places[where]);
}

/* Browsers' ClientHello is lost where a small one is answered. */
static void judge_site(const rule_context *context)
{
    const facts_large_hello *hello = &context->site->large_hello;
    const facts_redirects *chain = &context->site->chains[FACTS_HTTPS];

    if (hello->failure != NULL)
        rule_add(
            context, chain->hops[0], RULE_TLS_LARGE_HELLO,
            "a ClientHello of %d bytes%s (browsers send about 1,900) failed twice: %s; one of %d bytes is answered",
            hello->octets, hello->split ? ", in two packets" : "", facts_code_text(hello->failure->code),
            hello->small_octets);
    if (chain->count > 0)
        judge_http3(context, chain->hops[0]);
}

const rule_family rule_family_connection = {.name = "connection", .hop = judge_hop, .site = judge_site};
