/*
 * tls/staple.h: the OCSP response that a server staples to its handshake (RFC 6066 8, RFC 6960): what it says of the
 * server's certificate, and whether it may be believed.
 */
#ifndef TLS_STAPLE_H
#define TLS_STAPLE_H

#include "facts/tls.h"

#include "base/memory.h"

#include <openssl/x509.h>

#define TLS_STAPLE_SKEW 300 /* seconds by which clocks may differ */

/* `issuer` is NULL if no certificate of it is known. Everything is copied into the arena. */
void tls_staple_read(const void *octets, size_t length, X509 *leaf, X509 *issuer, int64_t now, base_arena *arena,
                     facts_staple *staple);

#endif
