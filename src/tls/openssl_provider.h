/*
 * tls/openssl_provider.h: a library context of OpenSSL in which a certificate costs a quarter of what it costs in the
 * default one.
 *
 * OpenSSL 3.0 walks all of its decoders, about a hundred, to find the one for a certificate's key, and that for each
 * certificate it reads. The lean context holds the algorithms of the default provider, the very same code, but of its
 * decoders those alone that read public keys. Whatever is configured in openssl.cnf counts: if that activates another
 * provider (FIPS, a token, a legacy one), or asks for properties, there is no lean context. See
 * docs/decisions/0006-probe-cost.md.
 */
#ifndef TLS_OPENSSL_PROVIDER_H
#define TLS_OPENSSL_PROVIDER_H

#include <openssl/types.h>

/* The lean context, made at the first call and never freed; NULL, which is OpenSSL's default context, if there can be
 * none. */
OSSL_LIB_CTX *tls_openssl_context(void);

/* A context in which certificates are read without their keys: the cost of the rest, a fifth. NULL as above. */
OSSL_LIB_CTX *tls_openssl_keyless(void);

#endif
