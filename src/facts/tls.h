/*
 * facts/tls.h: what a TLS handshake showed, and the certificates in it. Strings as in facts/exchange.h.
 */
#ifndef FACTS_TLS_H
#define FACTS_TLS_H

#include "facts/tls_error.h"

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
    int key_security, signature_security; /* bits; 0: not known */
    bool must_staple;
    size_t sct_count; /* embedded */
    const char *const *ocsp_urls, *const *issuer_urls, *const *crl_urls;
    size_t ocsp_url_count, issuer_url_count, crl_url_count;
    const char *
        place; /* among those sent: "leaf", "issuer", "out-of-order", "alternative", "root", "duplicate", "unrelated"; NULL */
} facts_certificate;

/* One certificate of the path that was built, from the server's own upwards. */
typedef struct facts_link {
    const char *subject, *fingerprint;
    int64_t not_after;
    int sent; /* its place in `certificates`; -1: it came from the trust store */
    bool self_issued;
} facts_link;

/* The OCSP response that was stapled to the handshake. */
typedef struct facts_staple {
    hf_span der;
    const char
        *problem;       /* why it cannot be believed: "malformed", "unsuccessful", "other-certificate", "bad-signature",
                            "unchecked-signature", "not-yet-valid", "expired"; NULL: it can */
    const char *status; /* "good", "revoked", "unknown"; NULL: none */
    const char *reason; /* of a revocation; NULL: none given */
    int64_t produced_at, this_update, next_update, revoked_at; /* HF_TIME_UNKNOWN: not there */
    size_t sct_count;
} facts_staple;

/* What a store that was asked besides makes of the chain. */
typedef struct facts_store_verdict {
    const char *store;
    const facts_tls_error *errors; /* none: it trusts the chain */
    size_t error_count;
} facts_store_verdict;

typedef struct facts_tls {
    bool established;
    const char *version, *cipher, *alpn;   /* NULL: not agreed on */
    const facts_certificate *certificates; /* as sent, in that order */
    size_t certificate_count;
    const facts_tls_error *errors;
    size_t error_count;
    const char *group; /* of the key exchange; NULL: none, or not known */
    const char *
        root; /* where the path ends: "public", a root that browsers ship; "local", one that was installed here; NULL */
    const facts_link *path;
    size_t path_count;
    const facts_staple *staple; /* NULL: none was sent */
    size_t sct_count;           /* timestamps that came with the handshake */
    const facts_store_verdict *verdicts;
    size_t verdict_count;
} facts_tls;

/* True if one of the alternative names is for `host`, as browsers compare them. */
bool facts_certificate_covers(const facts_certificate *certificate, const char *host);

void facts_certificate_json(const facts_certificate *certificate, base_json *json);

void facts_tls_json(const facts_tls *tls, base_json *json);

#endif
