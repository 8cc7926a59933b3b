/*
 * tls/staple.h: the OCSP response that a server staples to its handshake (RFC 6066 8, RFC 6960): what it says of the server's
 * certificate, and whether it may be believed.
 */
#ifndef TLS_STAPLE_H
#define TLS_STAPLE_H

#include "base/memory.h"
#include "holdfast/status.h"

#include <openssl/x509.h>
#include <stdbool.h>

#define TLS_STAPLE_SKEW 300 /* seconds by which clocks may differ */

typedef struct tls_staple {
    hf_span der; /* as it was sent */
    /* Why it cannot be believed; NULL: it can. Stable words: "malformed", "unsuccessful" (the responder gave no answer),
       "other-certificate", "bad-signature", "unchecked-signature" (the issuer was not sent), "not-yet-valid", "expired". */
    const char *problem;
    const char *status; /* "good", "revoked", "unknown"; NULL: it says nothing of this certificate */
    const char *reason; /* of a revocation, by the library's name: "keyCompromise"; NULL: none given */
    int64_t produced_at, this_update, next_update, revoked_at; /* HF_TIME_UNKNOWN when not there */
    size_t sct_count;
} tls_staple;

/* `issuer` is NULL when it is nowhere to be found. Everything is copied into the arena. */
void tls_staple_read(const void *octets, size_t length, X509 *leaf, X509 *issuer, int64_t at, base_arena *arena,
                     tls_staple *staple);

#endif
