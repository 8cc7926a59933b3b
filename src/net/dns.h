/*
 * net/dns.h: questions to the DNS, on the loop. The same question is put once, however many wait for its answer, and an answer is
 * remembered for as long as it says, within bounds (net/dns_cache.h).
 */
#ifndef NET_DNS_H
#define NET_DNS_H

#include "net/dns_cache.h"
#include "net/loop.h"

#include "base/error.h"

typedef struct net_dns net_dns;
typedef struct net_dns_waiter net_dns_waiter;

/* `servers`: "ADDRESS[:PORT],..."; NULL: those of the system. NULL, with the reason, if it cannot be. */
net_dns *net_dns_new(net_loop *loop, const char *servers, base_error *error);
void net_dns_free(net_dns *dns);

/* True if the servers were given, and are not the system's. */
bool net_dns_is_chosen(const net_dns *dns);

/* *reply lives as long as the call, and no longer than until the next question is asked. */
typedef void net_dns_replied(void *self, const net_dns_reply *reply);

/*
 * Asks for the records of `type` of `name`, as it stands: no search list. `replied` is called once, later or from inside this call.
 * NULL is returned when it has been called already, else what net_dns_cancel takes. Without an answer that takes some seconds: who
 * has less time sets a timer and cancels.
 */
net_dns_waiter *net_dns_ask(net_dns *dns, const char *name, net_dns_type type, net_dns_replied *replied, void *self);
/* `replied` will not be called. Not to be used after it was. The question goes on, for whoever asks it next. */
void net_dns_cancel(net_dns_waiter *waiter);

/* What the reply says, read into `arena`; TTLs are what is left of them. */
void net_dns_reply_read(const net_dns_reply *reply, net_dns_type type, base_arena *arena, net_dns_answer *answer);

/* The addresses that /etc/hosts has for a name, in both families. */
size_t net_dns_hosts_file(net_dns *dns, const char *name, int port, net_address *addresses, size_t capacity);

#endif
