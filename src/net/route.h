/*
 * net/route.h: where a connection really goes, as curl's --connect-to and --resolve say it. What is asked for stays what it is:
 * URL, Host, SNI, the name check and every rule keep the host and port that were asked for.
 */
#ifndef NET_ROUTE_H
#define NET_ROUTE_H

#include "net/address.h"

#include "base/error.h"

#include <stdbool.h>

typedef struct net_route net_route;

net_route *net_route_new(void);
void net_route_free(net_route *route);

/*
 * "HOST1:PORT1:HOST2:PORT2": connections for HOST1:PORT1 go to HOST2:PORT2. An empty HOST1 or PORT1 means any, an empty HOST2 or
 * PORT2 the one that was asked for; an IPv6 address stands in brackets. The first that matches counts.
 */
bool net_route_add_connect_to(net_route *route, const char *text, base_error *error);

/* "HOST:PORT:ADDRESS[,ADDRESS]...": what HOST resolves to for connections to PORT. HOST may be "*". */
bool net_route_add_resolve(net_route *route, const char *text, base_error *error);

/* Where host:port is to be reached. `route` may be NULL; *to points into the route or is `host` itself. */
void net_route_target(const net_route *route, const char *host, int port, const char **to, int *to_port);

/* The addresses that --resolve gives for a target; false if it says nothing about it. */
bool net_route_addresses(const net_route *route, const char *host, int port, net_address *addresses, size_t capacity,
                         size_t *count);

#endif
