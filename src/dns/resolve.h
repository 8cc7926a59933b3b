/*
 * dns/resolve.h: names to addresses, by the DNS and /etc/hosts, in both families. IP literals and localhost (RFC
 * 6761 6.3) are answered without asking anybody.
 */
#ifndef DNS_RESOLVE_H
#define DNS_RESOLVE_H

#include "dns/query.h"
#include "facts/failure.h"
#include "io/address.h"
#include "io/loop.h"

#include "base/error.h"

/* Which addresses of a name are used. */
typedef enum dns_family { DNS_FAMILY_ANY, DNS_FAMILY_IPV4, DNS_FAMILY_IPV6 } dns_family;

typedef struct dns_resolver dns_resolver;
typedef struct dns_lookup dns_lookup;

/* `servers`: the DNS servers to ask, "ADDRESS[:PORT],..."; NULL: those of the system. NULL, with the reason, if it
 * cannot be. */
dns_resolver *dns_resolver_new(io_loop *loop, const char *servers, base_error *error);
void dns_resolver_free(dns_resolver *resolver);

/* Whom it asks: for other records of names. */
dns_client *dns_resolver_dns(const dns_resolver *resolver);

/* The addresses of a host that are known without the DNS, and why they are; FACTS_UNASKED_ASKED: none are. */
facts_unasked dns_resolver_known(dns_resolver *resolver, const char *host, int port,
                                 io_address addresses[static IO_ADDRESSES_MAX], size_t *count);

/* `count` addresses, in the order in which they should be tried; or none, and why. They live as long as the call. */
typedef void dns_resolved(void *self, const io_address *addresses, size_t count, const facts_failure *failure);

/*
 * Asks the DNS for the addresses of `wanted` alone; what is known without asking may be of either. `resolved` is called
 * once, later or from inside this call. NULL is returned when it has been called already, else what dns_lookup_cancel
 * takes.
 */
dns_lookup *dns_resolve(dns_resolver *resolver, const char *host, int port, dns_family wanted, dns_resolved *resolved,
                        void *self);
/* `resolved` will not be called. Not to be used after it was. */
void dns_lookup_cancel(dns_lookup *lookup);

#endif
