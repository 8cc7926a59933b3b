#include "http/transport.h"

#include <string.h>

#define TIMEOUT_MAX INT64_C(86400) /* seconds: longer is never */

typedef bool add_rule(http_route *route, const char *text, base_error *error);

static bool add_rules(http_route *route, const char *option, const base_texts *texts, add_rule *add, base_error *error)
{
    for (size_t i = 0; i < texts->count; i++)
        if (!add(route, texts->items[i], error)) {
            base_error_wrap(error, "%s", option);
            return false;
        }
    return true;
}

http_route *http_transport_route(const http_transport_options *options, base_error *error)
{
    http_route *route = http_route_new();

    if (options->with_private && options->no_private)
        base_error_set(error, "--private and --no-private contradict each other");
    else if (add_rules(route, "--connect-to", &options->connect_to, http_route_add_connect_to, error) &&
             add_rules(route, "--resolve", &options->resolve, http_route_add_resolve, error))
        return route;
    http_route_free(route);
    return NULL;
}

bool http_read_agent(const char *text, void *target, base_error *error)
{
    return http_give_agent(target, text, error);
}

bool http_read_field(const char *text, void *target, base_error *error)
{
    return http_give_field(target, text, error);
}

bool http_transport_claim(const http_transport_options *options, base_claims *claims, base_error *error)
{
    bool good = options->cafile == NULL || base_claims_add_path(claims, options->cafile, "--cafile", false, error);

    for (size_t i = 0; good && i < options->also_trust.count; i++) {
        const char *equals = strchr(options->also_trust.items[i], '=');
        good = equals == NULL || base_claims_add_path(claims, equals + 1, "--also-trust", false, error);
    }
    return good && (options->public_roots == NULL ||
                    base_claims_add_path(claims, options->public_roots, "--public-roots", false, error));
}

bool http_transport_was_asked_for(const http_transport_options *options)
{
    return options->cafile != NULL || options->also_trust.count > 0 || options->public_roots != NULL ||
           options->dns_servers != NULL || options->proxy != NULL;
}

/* No phase lasts longer than the whole, and a whole longer than usual has longer phases. */
static int64_t phase_of(int64_t usual, int64_t whole)
{
    const int64_t usual_whole = HTTP_LIMITS_DEFAULT.total;

    if (whole > usual_whole)
        return usual * whole / usual_whole;
    return usual < whole ? usual : whole;
}

/* Browsers wait minutes for a response: a patient client waits for it as long as it waits for anything. */
static http_limits limits_of(int64_t timeout, bool patient)
{
    const http_limits usual = HTTP_LIMITS_DEFAULT;
    int64_t whole = (timeout < TIMEOUT_MAX ? timeout : TIMEOUT_MAX) * 1000;

    return (http_limits){.resolve = phase_of(usual.resolve, whole),
                         .connect = phase_of(usual.connect, whole),
                         .tls = phase_of(usual.tls, whole),
                         .response = patient ? whole : phase_of(usual.response, whole),
                         .total = whole};
}

/* Both together ask for what is the case without either. */
static dns_family family_of(const http_transport_options *options)
{
    if (options->ipv4 == options->ipv6)
        return DNS_FAMILY_ANY;
    return options->ipv4 ? DNS_FAMILY_IPV4 : DNS_FAMILY_IPV6;
}

static bool add_store(tls_trust_store *trust, const char *text, base_error *error)
{
    const char *equals = strchr(text, '=');
    base_arena arena = {0};
    bool added;

    if (equals == NULL || equals == text || equals[1] == '\0') {
        base_error_set(error, "'%s' is not NAME=FILE", BASE_CUT(text));
        return false;
    }
    added = tls_trust_store_add_store(trust, base_arena_copy(&arena, text, (size_t)(equals - text)), equals + 1, error);
    base_arena_done(&arena);
    return added;
}

/* Which of the roots that are trusted are public can only be told where it is known, and is of no interest with
 * --cafile. */
static bool tell_roots(tls_trust_store *trust, const http_transport_options *options, base_error *error)
{
    if (options->public_roots == NULL && (options->cafile != NULL || !options->tells_roots))
        return true;
    if (tls_trust_store_set_public(trust, options->public_roots, error))
        return true;
    base_error_wrap(error, "--public-roots");
    return false;
}

static tls_trust_store *open_trust(const http_transport_options *options, base_error *error)
{
    tls_trust_store *trust = tls_trust_store_new(options->cafile, error);
    bool done = trust != NULL;

    if (trust == NULL && options->cafile != NULL)
        base_error_wrap(error, "--cafile");
    for (size_t i = 0; done && i < options->also_trust.count; i++) {
        done = add_store(trust, options->also_trust.items[i], error);
        if (!done)
            base_error_wrap(error, "--also-trust");
    }
    if (done && tell_roots(trust, options, error))
        return trust;
    tls_trust_store_free(trust);
    return NULL;
}

bool http_transport_open(http_transport *wire, io_loop *loop, http_route *route, const http_transport_options *options,
                         base_error *error)
{
    memset(wire, 0, sizeof *wire);
    wire->route = route;
    wire->as_browser = options->as_browser;
    if (!http_proxies_init(&wire->proxies, options->proxy, error)) {
        http_transport_close(wire);
        return false;
    }
    wire->trust = open_trust(options, error);
    if (wire->trust != NULL)
        wire->resolver = dns_resolver_new(loop, options->dns_servers, error);
    if (wire->trust != NULL && wire->resolver == NULL && options->dns_servers != NULL)
        base_error_wrap(error, "--dns");
    if (wire->resolver == NULL) {
        http_transport_close(wire);
        return false;
    }
    wire->client = (http_client){.loop = loop,
                                 .resolver = wire->resolver,
                                 .trust = wire->trust,
                                 .route = route,
                                 .limits = limits_of(options->timeout, options->patient),
                                 .proxies = &wire->proxies,
                                 .family = family_of(options),
                                 .clock = http_real_clock,
                                 .public_only = options->no_private,
                                 .as_browser = &wire->as_browser};
    return true;
}

void http_transport_close(http_transport *wire)
{
    dns_resolver_free(wire->resolver);
    tls_trust_store_free(wire->trust);
    http_route_free(wire->route);
    http_proxies_done(&wire->proxies);
}

const char *http_transport_folders(void)
{
    return tls_trust_store_folders();
}

bool facts_depth_parse(const char *text, facts_depth least, facts_depth *depth, base_error *error)
{
    for (facts_depth i = least; i < FACTS_DEPTHS; i++)
        if (strcmp(text, facts_depth_name(i)) == 0) {
            *depth = i;
            return true;
        }
    base_error_set(error, "'%s' is not one of %sstandard, full", BASE_CUT(text),
                   least == FACTS_DEPTH_FIELD ? "field, " : "");
    return false;
}
