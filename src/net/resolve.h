/*
 * net/resolve.h: names to addresses, by the DNS and /etc/hosts, in both families. IP literals and localhost (RFC 6761 6.3) are
 * answered without asking anybody.
 */
#ifndef NET_RESOLVE_H
#define NET_RESOLVE_H

#include "net/address.h"
#include "net/dns.h"
#include "net/failure.h"
#include "net/loop.h"

#include "base/error.h"

/* Which addresses of a name are used. */
typedef enum net_family { NET_FAMILY_ANY, NET_FAMILY_IPV4, NET_FAMILY_IPV6 } net_family;

typedef struct net_resolver net_resolver;
typedef struct net_lookup net_lookup;

/* `servers`: the DNS servers to ask, "ADDRESS[:PORT],..."; NULL: those of the system. NULL, with the reason, if it cannot be. */
net_resolver *net_resolver_new(net_loop *loop, const char *servers, base_error *error);
void net_resolver_free(net_resolver *resolver);

/* Whom it asks: for other records of names. */
net_dns *net_resolver_dns(const net_resolver *resolver);

/* Where the addresses of a host come from that nobody has to be asked for. */
typedef enum net_known {
    NET_KNOWN_NOT,
    NET_KNOWN_ADDRESS,   /* it is one */
    NET_KNOWN_LOCALHOST, /* it is this machine, by its name */
    NET_KNOWN_FILE,      /* /etc/hosts, which is all there is of a name, as for everybody else on this machine */
} net_known;

net_known net_resolver_known(net_resolver *resolver, const char *host, int port,
                             net_address addresses[static NET_ADDRESSES_MAX], size_t *count);

/* `count` addresses, in the order in which they should be tried; or none, and why. They live as long as the call. */
typedef void net_resolved(void *self, const net_address *addresses, size_t count, const net_failure *failure);

/*
 * Asks the DNS for the addresses of `wanted` alone; what is known without asking may be of either. `resolved` is called once, later
 * or from inside this call. NULL is returned when it has been called already, else what net_lookup_cancel takes.
 */
net_lookup *net_resolve(net_resolver *resolver, const char *host, int port, net_family wanted, net_resolved *resolved,
                        void *self);
/* `resolved` will not be called. Not to be used after it was. */
void net_lookup_cancel(net_lookup *lookup);

#endif
