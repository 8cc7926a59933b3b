/* net/dns_channel.h: c-ares on the loop, for net/dns.c alone: one question, one reply, nothing remembered. */
#ifndef NET_DNS_CHANNEL_H
#define NET_DNS_CHANNEL_H

#include "net/dns.h"

typedef struct net_dns_channel net_dns_channel;

/*
 * As net_dns_new. c-ares asks the next server when one answers SERVFAIL, NOTIMP or REFUSED, and in the end does not tell which it
 * was, or whether there was any. `plain`: the first answer counts, whatever it says.
 */
net_dns_channel *net_dns_channel_new(net_loop *loop, const char *servers, bool plain, base_error *error);
/* Every open question is answered, with a failure. */
void net_dns_channel_free(net_dns_channel *channel);

/* `replied` is called once, later or from inside this call. */
void net_dns_channel_ask(net_dns_channel *channel, const char *name, net_dns_type type, net_dns_replied *replied,
                         void *self);

size_t net_dns_channel_hosts_file(net_dns_channel *channel, const char *name, int port, net_address *addresses,
                                  size_t capacity);

#endif
