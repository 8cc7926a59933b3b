/*
 * net/find.h: the addresses at which a host is reached, found before anything is asked of it.
 */
#ifndef NET_FIND_H
#define NET_FIND_H

#include "net/fetch.h"

/*
 * The addresses that net_fetch would try for host:port, as net_resolve gives them: the client's route counts, its proxies do not.
 * *target is the name that they belong to, for net_found; it lives as long as `host` and the route.
 */
net_lookup *net_find(const net_client *client, const char *host, int port, const char **target, net_resolved *resolved,
                     void *self);

#endif
