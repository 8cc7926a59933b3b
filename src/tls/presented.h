/*
 * tls/presented.h: what browsers make of certificates that no handshake showed: those of a file that is to be served,
 * or those that a server should send. They are judged by the very code that judges a handshake.
 */
#ifndef TLS_PRESENTED_H
#define TLS_PRESENTED_H

#include "facts/tls.h"
#include "tls/certificates.h"
#include "tls/trust_store.h"

#include "base/memory.h"

typedef struct tls_presented {
    const tls_trust_store *trust;
    const tls_certificates *certificates; /* in the order in which they would be sent; one at least */
    const char *host;                     /* for which they would be; NULL: names are not compared */
    bool is_address;                      /* `host` is an IP address */
    int64_t now;
} tls_presented;

/* All but what only a handshake shows: version, cipher, staple. */
void tls_presented_judge(const tls_presented *presented, base_arena *arena, facts_tls *facts);

/*
 * The certificates to send instead: those of the path that was found, in order, without the root, and nothing else;
 * also those that only the trust store holds. NULL: no path leads to what is trusted.
 */
tls_certificates *tls_presented_mend(const tls_presented *presented);

#endif
