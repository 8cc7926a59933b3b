/*
 * tls/names.h: the alternative names of a certificate (RFC 5280 4.2.1.6), where they lie: OpenSSL would allocate for
 * each of them.
 */
#ifndef TLS_NAMES_H
#define TLS_NAMES_H

#include "tls/der.h"

#include <openssl/x509.h>

/* What tls_der_next finds in them. */
#define TLS_NAME_DNS 0x82     /* [2] IMPLICIT IA5String */
#define TLS_NAME_ADDRESS 0x87 /* [7] IMPLICIT OCTET STRING */

/* The names, for tls_der_next; no longer than the certificate lives. None if the extension is malformed, or stands
 * there twice. */
hf_span tls_names_of(const X509 *x509);

#endif
