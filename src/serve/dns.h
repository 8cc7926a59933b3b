/*
 * serve/dns.h: a DNS server on one free port of 127.0.0.1, over UDP and TCP, for one zone. For the lab and the tests.
 */
#ifndef SERVE_DNS_H
#define SERVE_DNS_H

#include "io/loop.h"
#include "serve/zone.h"

typedef struct serve_dns serve_dns;

/* The zone is borrowed, and may be added to. NULL when the system gives no port. */
serve_dns *serve_dns_new(io_loop *loop, const serve_zone *zone);
int serve_dns_port(const serve_dns *server);
/* Queries that came so far, and from how many ports datagrams did. */
size_t serve_dns_asked(const serve_dns *server);
size_t serve_dns_ports(const serve_dns *server);
/* From now on the question of a datagram comes back in lower case, as some servers do it. */
void serve_dns_lose_case(serve_dns *server);
void serve_dns_free(serve_dns *server);

#endif
