/*
 * tls/p256.h: a decoder of public keys on P-256, for tls/openssl_provider.c.
 *
 * OpenSSL 3.0 sets up the curve anew for every key it reads, which costs more than everything else in reading a
 * certificate. This one sets it up once and gives each key a copy. Any other key goes to the decoder that it stands in
 * front of.
 */
#ifndef TLS_P256_H
#define TLS_P256_H

#include <openssl/core.h>

#include <stdbool.h>

/*
 * Puts itself in front of `decoder`, the one for the SubjectPublicKeyInfo of EC keys, which it changes. `keys` is the
 * key management of EC keys, `context` the context of the provider of both, `core` what it was given by the library.
 * False if they are not as expected.
 */
bool tls_p256_begin(OSSL_ALGORITHM *decoder, const OSSL_ALGORITHM *keys, void *context, const OSSL_DISPATCH *core);

#endif
