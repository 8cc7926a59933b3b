#include "probe/addresses.h"

typedef struct asking {
    const net_client *client;
    net_lookup *lookup;
    net_timer *timer;
    net_resolved *resolved;
    void *self;
} asking;

static void answer(asking *a, const net_address *addresses, size_t count, const net_failure *failure)
{
    net_timer_free(a->timer);
    a->resolved(a->self, addresses, count, failure);
}

static bool is_wanted(net_family family, const net_address *address)
{
    return family == NET_FAMILY_ANY || (address->socket.ss_family == AF_INET6) == (family == NET_FAMILY_IPV6);
}

static void on_resolved(void *self, const net_address *addresses, size_t count, const net_failure *failure)
{
    asking *a = self;
    net_failure none = net_failure_make(NET_PHASE_RESOLVE, NET_NAME_WITHOUT_ADDRESS, NULL);
    net_address wanted[NET_ADDRESSES_MAX];
    size_t kept = 0;

    a->lookup = NULL;
    for (size_t i = 0; failure == NULL && i < count && kept < NET_ADDRESSES_MAX; i++)
        if (is_wanted(a->client->family, &addresses[i]))
            wanted[kept++] = addresses[i];
    answer(a, wanted, kept, failure == NULL && kept == 0 ? &none : failure);
}

static void on_timer(void *self)
{
    asking *a = self;
    net_failure late = net_failure_make(NET_PHASE_RESOLVE, NET_RESOLVE_TIMEOUT, NULL);

    net_lookup_cancel(a->lookup);
    answer(a, NULL, 0, &late);
}

void probe_addresses(const probe_order *order, const char *host, int port, base_arena *arena, net_resolved *resolved,
                     void *self)
{
    asking *a = base_arena_take(arena, sizeof *a);
    net_address given[NET_ADDRESSES_MAX];
    const char *to;
    int to_port;
    size_t count;

    *a = (asking){.client = order->client, .resolved = resolved, .self = self};
    a->timer = net_timer_new(order->client->loop, on_timer, a);
    net_timer_start(a->timer, order->client->limits.resolve);
    net_route_target(order->client->route, host, port, &to, &to_port);
    if (net_route_addresses(order->client->route, to, to_port, given, NET_ADDRESSES_MAX, &count))
        on_resolved(a, given, count, NULL);
    else
        a->lookup = net_resolve(order->client->resolver, to, to_port, order->client->family, on_resolved, a);
}
