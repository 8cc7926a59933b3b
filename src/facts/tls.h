/*
 * facts/tls.h: what a TLS handshake showed, and the certificates in it. Strings as in facts/exchange.h.
 */
#ifndef FACTS_TLS_H
#define FACTS_TLS_H

#include "base/json.h"
#include "holdfast/status.h"

typedef struct facts_certificate {
    hf_span der;
    const char *subject, *issuer; /* RFC 2253 */
    const char *const *names;     /* the alternative names: DNS names and IP addresses */
    size_t name_count;
    int64_t not_before, not_after; /* HF_TIME_UNKNOWN if not readable */
    const char *serial, *fingerprint;
    const char *key_type;
    int key_bits;
    const char *signature;
    bool self_issued, authority;
} facts_certificate;

/* One error of one certificate of the chain. */
typedef struct facts_tls_error {
    const char *code; /* stable: "expired", "not-yet-valid", "self-signed", "name-mismatch", "issuer-missing", ... */
    const char *text; /* the TLS library's words */
    int number;       /* the TLS library's number */
    int depth;        /* 0 is the server's own certificate */
    int sent;         /* its place in `certificates`; -1: it came from the trust store */
} facts_tls_error;

typedef struct facts_tls {
    bool established;
    const char *version, *cipher, *alpn;   /* NULL: not agreed on */
    const facts_certificate *certificates; /* as sent, in that order */
    size_t certificate_count;
    const facts_tls_error *errors;
    size_t error_count;
} facts_tls;

void facts_tls_json(const facts_tls *tls, base_json *json);

#endif
