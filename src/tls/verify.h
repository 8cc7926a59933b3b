/*
 * tls/verify.h: what is wrong with a chain, all of it. OpenSSL stops at the first error it is not told to pass over; a check must
 * name every one, for an owner who mends the first should not meet the second tomorrow.
 */
#ifndef TLS_VERIFY_H
#define TLS_VERIFY_H

#include "base/memory.h"

#include <openssl/ssl.h>
#include <stdbool.h>

#define TLS_VERIFY_MAX 32 /* errors kept of one chain */

/* One error of one certificate. The codes are stable words of ours: "expired", "issuer-missing". */
typedef struct tls_verify_error {
    const char *code;
    int number; /* OpenSSL's X509_V_ERR_... */
    int depth;  /* in the chain that was built: 0 is the server's own certificate */
    int sent;   /* its place among the certificates sent; -1: it came from the trust store */
} tls_verify_error;

typedef struct tls_verify_record {
    size_t count;
    tls_verify_error errors[TLS_VERIFY_MAX];
    size_t sct_count; /* timestamps that came with the handshake */
} tls_verify_record;

const char *tls_verify_text(int number);

/* The stable word for one of OpenSSL's numbers; "other" if there is none. */
const char *tls_verify_code(int number);

/* Records one error, unless it is recorded already. */
void tls_verify_add(tls_verify_record *record, int number, int depth, int sent);

#define TLS_VERIFY_LEVEL 2 /* RSA from 2048 bits, no SHA-1: about what browsers ask for */

/*
 * Verifies what was sent as browsers would, keys and signatures too, whatever was good enough for the handshake. Records into the
 * tls_verify_record that is the SSL's app data.
 */
void tls_verify_chain(X509_STORE_CTX *context);

/* The same chain for the moment `at` with other trust; false if OpenSSL cannot. */
bool tls_verify_with(X509_STORE *store, X509 *leaf, STACK_OF(X509) * sent, int64_t at, tls_verify_record *record);

/* True if the chain ends in what is trusted, whatever else is wrong with it. */
bool tls_verify_is_anchored(const tls_verify_record *record);

/*
 * Whether the certificate is for `host`, as browsers see it: alternative names only, never the subject's CN, and a '*' stands
 * for one whole label. A mismatch is recorded like any other error.
 */
bool tls_verify_host(X509 *leaf, const char *host, bool is_address, tls_verify_record *record);

#endif
