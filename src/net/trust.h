/*
 * net/trust.h: what a TLS client trusts, loaded once and shared by all its connections.
 */
#ifndef NET_TRUST_H
#define NET_TRUST_H

#include "base/error.h"

#include <stdbool.h>

typedef struct net_trust net_trust;

/*
 * `cafile`: PEM certificates that are trusted instead of the system's (as curl's --cacert), or NULL for the system's.
 * NULL, with the reason, if it cannot be read or holds no certificate.
 */
net_trust *net_trust_new(const char *cafile, base_error *error);
/* Another store, in a PEM file: each chain is verified against it besides, and reported by `name`. */
bool net_trust_add_store(net_trust *trust, const char *name, const char *path, base_error *error);

/*
 * Which roots are public: those of a PEM file, or of every file in a folder. `path` NULL: those that Debian took from Mozilla, where they
 * are; that they are not there is no error.
 */
bool net_trust_set_public(net_trust *trust, const char *path, base_error *error);
bool net_trust_knows_public(const net_trust *trust);

void net_trust_free(net_trust *trust);

#endif
