/*
 * tls/verify.h: what is wrong with a chain, all of it. OpenSSL stops at the first error it is not told to pass over; a
 * check must name every one, for an owner who mends the first should not meet the second tomorrow.
 */
#ifndef TLS_VERIFY_H
#define TLS_VERIFY_H

#include "facts/tls.h"
#include "tls/digest.h"

#include "base/memory.h"

#include <openssl/ssl.h>
#include <stdbool.h>

#define TLS_VERIFY_MAX 32 /* errors kept of one chain */

typedef struct tls_verify_record {
    size_t count;
    facts_tls_error errors[TLS_VERIFY_MAX];
    size_t sct_count;      /* timestamps that came with the handshake */
    bool asks_certificate; /* the server asked for one of the client (CertificateRequest) */
    facts_path_limit limit;
    int large_group; /* bits of a Diffie-Hellman group that was not computed; 0: none */
    bool has_digest; /* the verification needed the SHA-256 of the server's own certificate */
    uint8_t digest[TLS_SHA256_SIZE];
} tls_verify_record;

/* Records one error, an X509_V_ERR_..., unless it is recorded already. Where there is no room any more, a revocation
 * and a mismatch of the name take the place of another. */
void tls_verify_add(tls_verify_record *record, int number, int depth, int sent);

#define TLS_VERIFY_LEVEL 2 /* RSA from 2048 bits, no SHA-1: about what browsers ask for */

/* Verifies the one path that OpenSSL builds; what was recorded before is forgotten. False: OpenSSL could not verify at
 * all, which is the one error then. */
bool tls_verify_once(X509_STORE_CTX *context, tls_verify_record *record);

/* The certificates of one path, the server's own first. */
typedef struct tls_verify_path {
    X509 *const *certificates;
    size_t count;
    bool anchored;               /* the last one is trusted; otherwise nobody is */
    const STACK_OF(X509) * sent; /* for the places of errors */
} tls_verify_path;

/* Verifies exactly this path, whatever OpenSSL would have built, for the moment `now`. */
void tls_verify_exactly(const tls_verify_path *path, int64_t now, tls_verify_record *record);

/* True if the chain ends in what is trusted, whatever else is wrong with it. */
bool tls_verify_is_anchored(const tls_verify_record *record);

/*
 * Whether the certificate is for `host`, as browsers see it: alternative names only, never the subject's CN, and a '*'
 * stands for one whole label. A mismatch is recorded like any other error.
 */
bool tls_verify_host(X509 *leaf, const char *host, bool is_address, tls_verify_record *record);

#endif
