/* dns/channel.h: c-ares on the loop, for dns/query.c alone: one question, one reply, nothing remembered. */
#ifndef DNS_CHANNEL_H
#define DNS_CHANNEL_H

#include "dns/query.h"

typedef struct dns_channel dns_channel;

/*
 * As dns_client_new. c-ares asks the next server when one answers SERVFAIL, NOTIMP or REFUSED, and in the end does not
 * tell which it was, or whether there was any. `plain`: the first answer counts, whatever it says.
 */
dns_channel *dns_channel_new(io_loop *loop, const char *servers, bool plain, base_error *error);
/* Every open question is answered, with a failure. */
void dns_channel_free(dns_channel *channel);

/* `replied` is called once, later or from inside this call. */
void dns_channel_ask(dns_channel *channel, const char *name, dns_type type, dns_replied *replied, void *self);

size_t dns_channel_hosts_file(dns_channel *channel, const char *name, int port, io_address *addresses, size_t capacity);

#endif
