/*
 * net/dns_server.h: a DNS server on one free port of 127.0.0.1, over UDP and TCP, for one zone. For the lab and the tests.
 */
#ifndef NET_DNS_SERVER_H
#define NET_DNS_SERVER_H

#include "net/dns_zone.h"
#include "net/loop.h"

typedef struct net_dns_server net_dns_server;

/* The zone is borrowed, and may be added to. NULL when the system gives no port. */
net_dns_server *net_dns_server_new(net_loop *loop, const net_dns_zone *zone);
int net_dns_server_port(const net_dns_server *server);
/* Queries that came so far. */
size_t net_dns_server_asked(const net_dns_server *server);
void net_dns_server_free(net_dns_server *server);

#endif
