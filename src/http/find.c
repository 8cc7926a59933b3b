#include "http/find.h"

dns_lookup *http_find(const http_client *client, const char *host, int port, const char **target,
                      dns_resolved *resolved, void *self)
{
    io_address given[IO_ADDRESSES_MAX];
    size_t count;
    int to_port;

    http_route_target(client->route, host, port, target, &to_port);
    if (!http_route_addresses(client->route, *target, to_port, given, IO_ADDRESSES_MAX, &count))
        return dns_resolve(client->resolver, *target, to_port, client->family, resolved, self);
    resolved(self, given, count, NULL);
    return NULL;
}
