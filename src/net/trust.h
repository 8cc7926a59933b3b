/*
 * net/trust.h: what a TLS client trusts, loaded once and shared by all its connections.
 */
#ifndef NET_TRUST_H
#define NET_TRUST_H

#include "base/error.h"

typedef struct net_trust net_trust;

/*
 * `cafile`: PEM certificates that are trusted instead of the system's (as curl's --cacert), or NULL for the system's.
 * NULL, with the reason, if it cannot be read or holds no certificate.
 */
net_trust *net_trust_new(const char *cafile, base_error *error);
void net_trust_free(net_trust *trust);

#endif
