/*
 * tls/verify_cache.h: chains that were verified, remembered. The hosts of a list are certified by a few authorities:
 * what one of them sent besides its own certificate is what hundreds send, and was found good already.
 *
 * A shortcut is taken where nothing can be different from what OpenSSL would find: the certificates beside the host's
 * own are, octet by octet, those of a chain that had no error of any kind, all of them are valid at the moment in
 * question, and the host's own is ordinary, valid, strong enough, and signed by the same issuer, which is checked.
 * Anything else is verified in full, and only what is without any error is remembered. One memory belongs to one
 * tls_trust_store, and so to one set of roots. Thread rule: as of the trust.
 */
#ifndef TLS_VERIFY_CACHE_H
#define TLS_VERIFY_CACHE_H

#include <openssl/x509_vfy.h>

#include <stddef.h>

typedef struct tls_verify_cache tls_verify_cache;

tls_verify_cache *tls_verify_cache_new(void);
void tls_verify_cache_free(tls_verify_cache *verified);

/* For SSL_CTX_set_cert_verify_callback, with a tls_verify_cache: tls_path_verify, unless the chain is known. Always
 * goes on. */
int tls_verify_cache_check(X509_STORE_CTX *context, void *self);

/* How often the answer was known: with the issuer's signature on a certificate not seen before, and without. */
typedef struct tls_verify_cache_count {
    size_t full, issuer, whole;
} tls_verify_cache_count;

tls_verify_cache_count tls_verify_cache_counted(const tls_verify_cache *verified);

#endif
