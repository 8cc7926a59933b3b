/*
 * dns/query.h: questions to the DNS, on the loop. The same question is put once, however many wait for its answer, and
 * an answer is remembered for as long as it says, within bounds (dns/cache.h).
 */
#ifndef DNS_QUERY_H
#define DNS_QUERY_H

#include "dns/cache.h"
#include "io/loop.h"

#include "base/error.h"

typedef struct dns_client dns_client;
typedef struct dns_waiter dns_waiter;

/* `servers`: "ADDRESS[:PORT],..."; NULL: those of the system. NULL, with the reason, if it cannot be. */
dns_client *dns_client_new(io_loop *loop, const char *servers, base_error *error);
void dns_client_free(dns_client *dns);

/* True if the servers were given, and are not the system's. */
bool dns_client_is_chosen(const dns_client *dns);

/* *reply lives as long as the call, and no longer than until the next question is asked. */
typedef void dns_replied(void *self, const dns_reply *reply);

/*
 * Asks for the records of `type` of `name`, as it stands: no search list. `replied` is called once, later or from
 * inside this call. NULL is returned when it has been called already, else what dns_cancel takes. Without an answer
 * that takes some seconds: who has less time sets a timer and cancels.
 */
dns_waiter *dns_ask(dns_client *dns, const char *name, dns_type type, dns_replied *replied, void *self);
/* `replied` will not be called. Not to be used after it was. The question goes on, for whoever asks it next. */
void dns_cancel(dns_waiter *waiter);

/* What the reply says, read into `arena`; TTLs are what is left of them. */
void dns_reply_read(const dns_reply *reply, dns_type type, base_arena *arena, dns_answer *answer);

/* The addresses that /etc/hosts has for a name, in both families. */
size_t dns_client_hosts_file(dns_client *dns, const char *name, int port, io_address *addresses, size_t capacity);

#endif
