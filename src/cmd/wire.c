#include "cmd/wire.h"

#include <string.h>

#define TIMEOUT_MAX INT64_C(86400) /* seconds: longer is never */

typedef bool add_rule(net_route *route, const char *text, base_error *error);

static bool add_rules(net_route *route, const char *option, const base_texts *texts, add_rule *add, base_error *error)
{
    for (size_t i = 0; i < texts->count; i++)
        if (!add(route, texts->items[i], error)) {
            base_error_wrap(error, "%s", option);
            return false;
        }
    return true;
}

net_route *cmd_wire_route(const cmd_wire_options *options, base_error *error)
{
    net_route *route = net_route_new();

    if (add_rules(route, "--connect-to", &options->connect_to, net_route_add_connect_to, error) &&
        add_rules(route, "--resolve", &options->resolve, net_route_add_resolve, error))
        return route;
    net_route_free(route);
    return NULL;
}

/* No phase lasts longer than the whole, and a whole longer than usual has longer phases. */
static int64_t phase_of(int64_t usual, int64_t whole)
{
    const int64_t usual_whole = NET_LIMITS_DEFAULT.total;

    if (whole > usual_whole)
        return usual * whole / usual_whole;
    return usual < whole ? usual : whole;
}

static net_limits limits_of(int64_t timeout)
{
    const net_limits usual = NET_LIMITS_DEFAULT;
    int64_t whole = (timeout < TIMEOUT_MAX ? timeout : TIMEOUT_MAX) * 1000;

    return (net_limits){.resolve = phase_of(usual.resolve, whole),
                        .connect = phase_of(usual.connect, whole),
                        .tls = phase_of(usual.tls, whole),
                        .response = phase_of(usual.response, whole),
                        .total = whole};
}

/* Both together ask for what is the case without either. */
static net_family family_of(const cmd_wire_options *options)
{
    if (options->ipv4 == options->ipv6)
        return NET_FAMILY_ANY;
    return options->ipv4 ? NET_FAMILY_IPV4 : NET_FAMILY_IPV6;
}

static bool add_store(net_trust *trust, const char *text, base_error *error)
{
    const char *equals = strchr(text, '=');
    base_arena arena = {0};
    bool added;

    if (equals == NULL || equals == text || equals[1] == '\0') {
        base_error_set(error, "'%s' is not NAME=FILE", BASE_CUT(text));
        return false;
    }
    added = net_trust_add_store(trust, base_arena_copy(&arena, text, (size_t)(equals - text)), equals + 1, error);
    base_arena_done(&arena);
    return added;
}

/* Which of the roots that are trusted are public can only be told where it is known, and is of no interest with --cafile. */
static bool tell_roots(net_trust *trust, const cmd_wire_options *options, base_error *error)
{
    if (options->public_roots == NULL && (options->cafile != NULL || !options->tells_roots))
        return true;
    if (net_trust_set_public(trust, options->public_roots, error))
        return true;
    base_error_wrap(error, "--public-roots");
    return false;
}

static net_trust *open_trust(const cmd_wire_options *options, base_error *error)
{
    net_trust *trust = net_trust_new(options->cafile, error);
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
    net_trust_free(trust);
    return NULL;
}

bool cmd_wire_open(cmd_wire *wire, net_loop *loop, net_route *route, const cmd_wire_options *options, base_error *error)
{
    memset(wire, 0, sizeof *wire);
    wire->route = route;
    if (!net_proxies_init(&wire->proxies, options->proxy, error)) {
        cmd_wire_close(wire);
        return false;
    }
    wire->trust = open_trust(options, error);
    if (wire->trust != NULL)
        wire->resolver = net_resolver_new(loop, options->dns_servers, error);
    if (wire->trust != NULL && wire->resolver == NULL && options->dns_servers != NULL)
        base_error_wrap(error, "--dns");
    if (wire->resolver == NULL) {
        cmd_wire_close(wire);
        return false;
    }
    wire->client = (net_client){.loop = loop,
                                .resolver = wire->resolver,
                                .trust = wire->trust,
                                .route = route,
                                .limits = limits_of(options->timeout),
                                .proxies = &wire->proxies,
                                .family = family_of(options)};
    return true;
}

void cmd_wire_close(cmd_wire *wire)
{
    net_resolver_free(wire->resolver);
    net_trust_free(wire->trust);
    net_route_free(wire->route);
    net_proxies_done(&wire->proxies);
}

bool cmd_read_depth(const char *text, facts_depth least, facts_depth *depth, base_error *error)
{
    for (facts_depth i = least; i < FACTS_DEPTHS; i++)
        if (strcmp(text, facts_depth_name(i)) == 0) {
            *depth = i;
            return true;
        }
    base_error_set(error, "'%s' is none of %sstandard, full", BASE_CUT(text),
                   least == FACTS_DEPTH_FIELD ? "field, " : "");
    return false;
}
