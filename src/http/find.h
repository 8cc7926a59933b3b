/*
 * http/find.h: the addresses at which a host is reached, found before anything is asked of it.
 */
#ifndef HTTP_FIND_H
#define HTTP_FIND_H

#include "http/fetch.h"

/*
 * The addresses that http_fetch would try for host:port, as dns_resolve gives them: the client's route counts, its
 * proxies do not. *target is the name that they belong to, for http_found; it lives as long as `host` and the route.
 */
dns_lookup *http_find(const http_client *client, const char *host, int port, const char **target,
                      dns_resolved *resolved, void *self);

#endif
