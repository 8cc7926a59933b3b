/*
 * probe/mend.h: the chain that a server should send in place of the one that it sends. Where a certificate of it is
 * missing, it can be asked of where the one below says that it lies (authority information access, RFC 5280 4.2.2.1):
 * that is a third party, who learns who asks for it, and when.
 */
#ifndef PROBE_MEND_H
#define PROBE_MEND_H

#include "facts/mended.h"
#include "http/fetch.h"

#define PROBE_ISSUER_MAX ((size_t)256 << 10) /* octets of an answer */
#define PROBE_ISSUER_REDIRECTS_MAX 3

typedef struct probe_mending {
    const tls_trust_store *trust;
    const http_client *client; /* asks for what is missing; NULL: nobody is asked */
    int64_t now;
    const char *host; /* as in tls_presented */
    bool is_address;
    const facts_tls *sent; /* with one certificate at least */
} probe_mending;

/* Runs the client's loop until it is over. What *mended points to lies in `arena`. */
void probe_mend(const probe_mending *mending, base_arena *arena, facts_mended *mended);

#endif
