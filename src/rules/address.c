/* The addresses of one name: the visitor does not choose, so each must do. */
#include "rules/families.h"

static const facts_hop *hop_of(const rule_context *context, size_t name)
{
    const facts_redirects *chain = &context->site->chains[name == 0 ? FACTS_HTTPS : FACTS_WWW_HTTPS];

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

static void judge_site(const rule_context *context)
{
    for (size_t name = 0; name < sizeof context->site->endpoints / sizeof *context->site->endpoints; name++) {
        const facts_endpoints *endpoints = &context->site->endpoints[name];
        const facts_hop *hop = hop_of(context, name);

        if (hop == NULL || endpoints->count == 0)
            continue;
        judge_answers(context, hop, endpoints);
        for (size_t i = 0; i < endpoints->count; i++)
            judge_errors(context, hop, endpoints, &endpoints->items[i]);
        judge_difference(context, hop, endpoints);
    }
}

const rule_family rule_family_address = {.name = "address", .site = judge_site};
