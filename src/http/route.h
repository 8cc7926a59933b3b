/*
 * http/route.h: where a connection really goes, as curl's --connect-to and --resolve say it. What is asked for stays
 * what it is: URL, Host, SNI, the name check and every rule keep the host and port that were asked for.
 */
#ifndef HTTP_ROUTE_H
#define HTTP_ROUTE_H

#include "io/address.h"

#include "base/error.h"

#include <stdbool.h>

typedef struct http_route http_route;

http_route *http_route_new(void);
void http_route_free(http_route *route);

/*
 * "HOST1:PORT1:HOST2:PORT2": connections for HOST1:PORT1 go to HOST2:PORT2. An empty HOST1 or PORT1 means any, an empty
 * HOST2 or PORT2 the one that was asked for; an IPv6 address stands in brackets. The first that matches counts.
 */
bool http_route_add_connect_to(http_route *route, const char *text, base_error *error);

/* "HOST:PORT:ADDRESS[,ADDRESS]...": what HOST resolves to for connections to PORT. HOST may be "*". */
bool http_route_add_resolve(http_route *route, const char *text, base_error *error);

/* Where host:port is to be reached. `route` may be NULL; *to points into the route or is `host` itself. */
void http_route_target(const http_route *route, const char *host, int port, const char **to, int *to_port);

/* The addresses that --resolve gives for a target; false if it says nothing about it. */
bool http_route_addresses(const http_route *route, const char *host, int port, io_address *addresses, size_t capacity,
                          size_t *count);

#endif
