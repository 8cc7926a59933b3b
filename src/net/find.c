#include "net/find.h"

net_lookup *net_find(const net_client *client, const char *host, int port, const char **target, net_resolved *resolved,
                     void *self)
{
    net_address given[NET_ADDRESSES_MAX];
    size_t count;
    int to_port;

    net_route_target(client->route, host, port, target, &to_port);
    if (!net_route_addresses(client->route, *target, to_port, given, NET_ADDRESSES_MAX, &count))
        return net_resolve(client->resolver, *target, to_port, client->family, resolved, self);
    resolved(self, given, count, NULL);
    return NULL;
}
