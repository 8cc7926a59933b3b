#include "cmd/wire.h"

#include <string.h>

#define TIMEOUT_MAX INT64_C(86400) /* seconds: longer is never */

net_route *cmd_wire_route(const base_texts *connect_to, const base_texts *resolve, base_error *error)
{
    net_route *route = net_route_new();
    bool good = true;

    for (size_t i = 0; good && i < connect_to->count; i++)
        good = net_route_add_connect_to(route, connect_to->items[i], error);
    for (size_t i = 0; good && i < resolve->count; i++)
        good = net_route_add_resolve(route, resolve->items[i], error);
    if (good)
        return route;
    net_route_free(route);
    return NULL;
}

static int64_t at_most(int64_t limit, int64_t timeout)
{
    return timeout < limit ? timeout : limit;
}

static net_limits limits_of(int64_t timeout)
{
    net_limits limits = NET_LIMITS_DEFAULT;
    int64_t milliseconds = at_most(timeout, TIMEOUT_MAX) * 1000;

    limits.total = milliseconds;
    limits.resolve = at_most(limits.resolve, milliseconds);
    limits.connect = at_most(limits.connect, milliseconds);
    limits.tls = at_most(limits.tls, milliseconds);
    limits.response = at_most(limits.response, milliseconds);
    return limits;
}

bool cmd_wire_open(cmd_wire *wire, net_loop *loop, net_route *route, const cmd_wire_options *options, base_error *error)
{
    memset(wire, 0, sizeof *wire);
    wire->route = route;
    wire->trust = net_trust_new(options->cafile, error);
    if (wire->trust != NULL)
        wire->resolver = net_resolver_new(loop, options->dns_servers, error);
    if (wire->resolver == NULL) {
        cmd_wire_close(wire);
        return false;
    }
    wire->client = (net_client){loop, wire->resolver, wire->trust, route, limits_of(options->timeout)};
    return true;
}

void cmd_wire_close(cmd_wire *wire)
{
    net_resolver_free(wire->resolver);
    net_trust_free(wire->trust);
    net_route_free(wire->route);
}
