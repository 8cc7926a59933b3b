/*
 * tls/tbs.h: what certificate transparency signs of a certificate. A precertificate and the certificate that was issued
 * for it differ in two extensions only; without them they are the same, and one hash names both (RFC 6962 3.2).
 */
#ifndef TLS_TBS_H
#define TLS_TBS_H

#include "tls/digest.h"

#include "holdfast/status.h"

#include <stdbool.h>

/* Parts of a certificate in DER form, heads included. */
typedef struct tls_tbs {
    hf_span whole; /* TBSCertificate */
    hf_span key;   /* SubjectPublicKeyInfo */
    /* The content of TBSCertificate in front of the extensions, and the content of these. */
    hf_span before, extensions;
} tls_tbs;

/* False if this is not the DER form of a certificate. Pure; all spans lie in `der`. */
bool tls_tbs_read(hf_span der, tls_tbs *tbs);

/*
 * SHA-256 of TBSCertificate without the extensions 1.3.6.1.4.1.11129.2.4.2 (the list of timestamps in a certificate)
 * and 1.3.6.1.4.1.11129.2.4.3 (the poison of a precertificate), encoded anew. Where a CA has precertificates signed by
 * a certificate of its own, a log also replaces issuer and authority key identifier in them: the hash is of what the
 * log has.
 */
void tls_tbs_digest(const tls_tbs *tbs, uint8_t digest[static TLS_SHA256_SIZE]);

#endif
