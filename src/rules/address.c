/* The addresses of one name: the visitor does not choose, so each must do. */
#include "rules/families.h"

#include "facts/location.h"

#define URL_SHOWN 512 /* octets */

static const facts_hop *hop_of(const rule_context *context, facts_way way)
{
    const facts_redirects *chain = &context->site->chains[way];

    return chain->count > 0 ? chain->hops[0] : NULL;
}

static finding_place place_of(const facts_hop *hop, const facts_endpoint *endpoint)
{
    return finding_at_address(hop, endpoint->address, endpoint->port);
}

/* True if the host, not this machine, is to blame. */
static bool is_down(const facts_endpoint *endpoint)
{
    return endpoint->exchange.failure != NULL && rule_of_failure(endpoint->exchange.failure) != RULE_COUNT;
}

static void judge_answers(const rule_context *context, const facts_hop *hop, const facts_endpoints *endpoints)
{
    size_t down = 0, silent = 0;

    for (size_t i = 0; i < endpoints->count; i++) {
        down += is_down(&endpoints->items[i]);
        silent += endpoints->items[i].exchange.failure != NULL;
    }
    /* That no address answers at all is reported of the host. */
    for (size_t i = 0; down > 0 && silent < endpoints->count && i < endpoints->count; i++)
        if (is_down(&endpoints->items[i]))
            rule_add_at(context, place_of(hop, &endpoints->items[i]), RULE_ADDRESS_DOWN,
                        "%s; %zu of %zu addresses answer", facts_code_text(endpoints->items[i].exchange.failure->code),
                        endpoints->count - silent, endpoints->count);
}

static bool has_error(const facts_tls *tls, const facts_tls_error *error)
{
    for (size_t i = 0; i < tls->error_count; i++)
        if (tls->errors[i].code == error->code && tls->errors[i].depth == error->depth)
            return true;
    return false;
}

/* Another address answers without this error. */
static bool is_peculiar(const facts_endpoints *endpoints, const facts_tls_error *error)
{
    for (size_t i = 0; i < endpoints->count; i++)
        if (endpoints->items[i].exchange.tls.established && !has_error(&endpoints->items[i].exchange.tls, error))
            return true;
    return false;
}

/* The errors that are met at this address, and not at all of them. */
static void judge_errors(const rule_context *context, const facts_hop *hop, const facts_endpoints *endpoints,
                         const facts_endpoint *endpoint)
{
    const facts_tls *tls = &endpoint->exchange.tls;
    const char *codes = NULL;

    for (size_t i = 0; i < tls->error_count; i++)
        if (!has_error(&hop->exchange.tls, &tls->errors[i]) || is_peculiar(endpoints, &tls->errors[i]))
            codes = base_arena_format(context->arena, "%s%s%s", codes != NULL ? codes : "", codes != NULL ? ", " : "",
                                      facts_tls_code_name(tls->errors[i].code));
    if (codes != NULL)
        rule_add_at(context, place_of(hop, endpoint), RULE_ADDRESS_FAULT, "%s%s%s", codes,
                    tls->certificate_count > 0 ? "; it shows " : "",
                    tls->certificate_count > 0 ? tls->certificates[0].subject : "");
}

static const facts_certificate *leaf_of(const facts_endpoint *endpoint)
{
    return endpoint->exchange.tls.certificate_count > 0 ? endpoint->exchange.tls.certificates : NULL;
}

static void judge_difference(const rule_context *context, const facts_hop *hop, const facts_endpoints *endpoints)
{
    const facts_endpoint *first = NULL;

    for (size_t i = 0; i < endpoints->count; i++) {
        const facts_endpoint *endpoint = &endpoints->items[i];

        if (leaf_of(endpoint) == NULL)
            continue;
        if (first == NULL)
            first = endpoint;
        else if (strcmp(leaf_of(first)->fingerprint, leaf_of(endpoint)->fingerprint) != 0)
            rule_add_at(context, place_of(hop, endpoint), RULE_ADDRESS_CERTIFICATE_DIFFERS,
                        "%s: SHA-256 %.16s..., valid to %s; %s: SHA-256 %.16s..., valid to %s", first->address,
                        leaf_of(first)->fingerprint, rule_time_text(context->arena, leaf_of(first)->not_after),
                        endpoint->address, leaf_of(endpoint)->fingerprint,
                        rule_time_text(context->arena, leaf_of(endpoint)->not_after));
    }
}

/* -- Over plain HTTP ----------------------------------------------------------------------------------------------- */

static bool is_secure_url(const char *url)
{
    return url != NULL && strncmp(url, "https://", 8) == 0;
}

/* Octets of a URL up to its path: a path may differ from one request to the next. */
static size_t origin_length(const char *url)
{
    const char *authority = strstr(url, "://") + 3;

    return (size_t)(authority - url) + strcspn(authority, "/?#");
}

static bool is_same_origin(const char *a, const char *b)
{
    return a != NULL && b != NULL && origin_length(a) == origin_length(b) && memcmp(a, b, origin_length(a)) == 0;
}

/* Over HTTPS the address is silent too, which is reported already. */
static bool is_down_altogether(const facts_endpoints *secure, const facts_endpoint *endpoint)
{
    for (size_t i = 0; i < secure->count; i++)
        if (strcmp(secure->items[i].address, endpoint->address) == 0)
            return is_down(endpoint) && is_down(&secure->items[i]);
    return false;
}

static const char *url_text(const rule_context *context, const char *url)
{
    return rule_escaped((hf_span){url, strlen(url)}, URL_SHOWN, " ...", context->arena);
}

/* What visitors get at the address; NULL: nothing that is certain, for it may be meant for this check alone, or is
 * about this machine. */
static const char *clear_text(const rule_context *context, const facts_endpoint *endpoint)
{
    const facts_response *response = endpoint->exchange.response;
    const hf_span *location;

    if (response == NULL)
        return is_down(endpoint) ? base_arena_format(context->arena, "get no answer (%s)",
                                                     facts_code_text(endpoint->exchange.failure->code))
                                 : NULL;
    if (endpoint->to != NULL)
        return base_arena_format(context->arena, "are redirected to %s", url_text(context, endpoint->to));
    return facts_response_is_refusal(response) || facts_location_of(response, &location) == FACTS_FOLLOW
               ? NULL
               : base_arena_format(context->arena, "get an answer without a redirect (status %d)", response->status);
}

/* The first address that leads to HTTPS is what the others are held against. */
static void judge_clear(const rule_context *context, facts_way way, const facts_endpoints *secure)
{
    const facts_endpoints *endpoints = &context->site->endpoints[way];
    const facts_hop *hop = hop_of(context, way);
    const facts_endpoint *good = NULL;

    for (size_t i = 0; hop != NULL && good == NULL && i < endpoints->count; i++)
        if (is_secure_url(endpoints->items[i].to))
            good = &endpoints->items[i];
    for (size_t i = 0; good != NULL && i < endpoints->count; i++) {
        const facts_endpoint *endpoint = &endpoints->items[i];
        const char *text = is_same_origin(endpoint->to, good->to) || is_down_altogether(secure, endpoint)
                               ? NULL
                               : clear_text(context, endpoint);

        if (text != NULL)
            rule_add_at(context, place_of(hop, endpoint), RULE_ADDRESS_HTTP_DIFFERS,
                        "visitors that reach %s over %s %s; those that reach %s are redirected to %s",
                        endpoint->address, hop->url, text, good->address, url_text(context, good->to));
    }
}

static void judge_secure(const rule_context *context, facts_way way)
{
    const facts_endpoints *endpoints = &context->site->endpoints[way];
    const facts_hop *hop = hop_of(context, way);

    if (hop == NULL || endpoints->count == 0)
        return;
    judge_answers(context, hop, endpoints);
    for (size_t i = 0; i < endpoints->count; i++)
        judge_errors(context, hop, endpoints, &endpoints->items[i]);
    judge_difference(context, hop, endpoints);
}

static void judge_site(const rule_context *context)
{
    static const facts_way ways[][2] = {{FACTS_HTTPS, FACTS_HTTP}, {FACTS_WWW_HTTPS, FACTS_WWW_HTTP}};

    for (size_t name = 0; name < sizeof ways / sizeof *ways; name++) {
        judge_secure(context, ways[name][0]);
        judge_clear(context, ways[name][1], &context->site->endpoints[ways[name][0]]);
    }
}

const rule_family rule_family_address = {.name = "address", .site = judge_site};
