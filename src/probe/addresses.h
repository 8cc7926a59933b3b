/*
 * probe/addresses.h: the addresses at which a host is reached, as a request would find them: by --connect-to,
 * --resolve, the DNS.
 */
#ifndef PROBE_ADDRESSES_H
#define PROBE_ADDRESSES_H

#include "probe/context.h"

/* `resolved` is called once, from the loop or from inside the call; what it is given lives as long as that call. */
void probe_addresses(const probe_context *context, const char *host, int port, base_arena *arena,
                     dns_resolved *resolved, void *self);

#endif
