/*
 * tls/strict.h: a certificate read as strictly as browsers read it. OpenSSL passes over much of what Chromium's parser
 * and Firefox's (mozilla::pkix) refuse: values that are not DER, odd versions, extensions of an unusual form. Pure and
 * linear in the length: no allocation, and every byte may be hostile.
 */
#ifndef TLS_STRICT_H
#define TLS_STRICT_H

#include "facts/tls_error.h"

#include "holdfast/status.h"

#include <stdbool.h>

#define TLS_STRICT_MAX 16 /* finds kept of one certificate: one of each kind, and a certificate has few */

/* Bits of the first octet of keyUsage (RFC 5280 4.2.1.3). */
#define TLS_USAGE_SIGNATURE 0x80u
#define TLS_USAGE_ENCIPHERMENT 0x20u
#define TLS_USAGE_AGREEMENT 0x08u

/* Purposes of extKeyUsage. */
#define TLS_PURPOSE_SERVER 1u
#define TLS_PURPOSE_ANY 2u
#define TLS_PURPOSE_OCSP 4u

/* What each parser makes of it; `why` is static. */
typedef struct tls_strict_find {
    facts_tls_code code;
    const char *why;
} tls_strict_find;

/* Why the algorithm of the signature is not what OpenSSL compares: the same, written in two ways. */
typedef enum tls_strict_digest {
    TLS_STRICT_UNKNOWN,
    TLS_STRICT_SHA256,
    TLS_STRICT_SHA384,
    TLS_STRICT_SHA512
} tls_strict_digest;

/* Spans lie in the certificate. */
typedef struct tls_strict {
    tls_strict_find finds[TLS_STRICT_MAX];
    size_t count;
    hf_span signed_part; /* TBSCertificate, as it is signed */
    hf_span signature;   /* the octets of the signature; the algorithm is one that browsers know */
    tls_strict_digest digest;
    bool one_algorithm; /* the certificate names it twice, in the same way or in another */
    bool authority;     /* basicConstraints: CA:TRUE */
    bool has_usage, has_purposes;
    unsigned usage, purposes;
    hf_span names;       /* the content of subjectAltName */
    hf_span constraints; /* the content of nameConstraints */
    hf_span policies;    /* the content of certificatePolicies */
    bool maps_policies;
    int explicit_policy; /* certificates below which a policy is required; -1: it is not */
} tls_strict;

/* Of the server's own certificate (`leaf`), or of one above it. */
void tls_strict_read(hf_span der, bool leaf, tls_strict *strict);

#endif
