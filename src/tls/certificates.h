/*
 * tls/certificates.h: certificates in the order of a file or of a handshake, the server's own first; and the reader of
 * files that hold them, which reads what an AIA URL answers with too. Every octet of those may be hostile.
 */
#ifndef TLS_CERTIFICATES_H
#define TLS_CERTIFICATES_H

#include "base/buffer.h"
#include "base/error.h"
#include "holdfast/status.h"

#include <stdbool.h>
#include <stddef.h>

#define TLS_CERTIFICATES_COUNT_MAX 64               /* certificates of one file, or of all answers together */
#define TLS_CERTIFICATES_FILE_MAX ((size_t)1 << 20) /* octets of a file */

struct stack_st_X509;
struct x509_st;

typedef struct tls_certificates tls_certificates;

/* symbol, name: how certificates are written. */
#define TLS_FORM_MAP(X)                                                                                                \
    X(PEM, "PEM")                                                                                                      \
    X(DER, "DER")       /* one certificate */                                                                          \
    X(PKCS7, "PKCS #7") /* RFC 2315 SignedData without content: "certs-only", DER or PEM */

typedef enum tls_form {
#define TLS_X(symbol, name) TLS_FORM_##symbol,
    TLS_FORM_MAP(TLS_X)
#undef TLS_X
} tls_form;

const char *tls_form_name(tls_form form);

tls_certificates *tls_certificates_new(void);
void tls_certificates_free(tls_certificates *certificates);
size_t tls_certificates_count(const tls_certificates *certificates);
struct stack_st_X509 *tls_certificates_stack(const tls_certificates *certificates);

/* Adds one; false if it is none, or there are too many. */
bool tls_certificates_add(tls_certificates *certificates, hf_span der);

/* The same of one that OpenSSL has read, whichever its context. */
bool tls_certificates_add_x509(tls_certificates *certificates, const struct x509_st *x509);

/*
 * Adds all that `octets` hold, whichever form they have. In PEM other blocks are passed over, such as private keys, and
 * so is text outside of the blocks. False, with the reason, if one is malformed, if there is none, or too many; what
 * came before it may have been added.
 */
bool tls_certificates_read(tls_certificates *certificates, hf_span octets, tls_form *form, base_error *error);

/* Appends a certificate as PEM (RFC 7468), as files of certificates have it. */
void tls_certificates_write_pem(hf_span der, base_buffer *out);

#endif
