/*
 * facts/exchange.h: what was seen on the way to one response. Plain values, no judgement: rules draw conclusions from them, and
 * tests write them down as literals. Strings are borrowed, from the arena of the host they belong to or from a constant.
 */
#ifndef FACTS_EXCHANGE_H
#define FACTS_EXCHANGE_H

#include "base/json.h"
#include "holdfast/header.h"

/* What went wrong. The words are stable: phase "resolve", "connect", "tls" or "response"; code "connection-refused". */
typedef struct facts_failure {
    const char *phase, *code, *text;
    const char *detail; /* what the system or the TLS library said; may be empty */
} facts_failure;

/* One try to connect. */
typedef struct facts_attempt {
    const char *address;
    int port;
    const facts_failure *failure; /* NULL: connected */
} facts_attempt;

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

typedef struct facts_response {
    int minor, status; /* HTTP/1.minor */
    hf_span reason, raw;
    size_t interim; /* 1xx responses before it */
    size_t skipped; /* lines of the head that are no field */
    const hf_field *fields;
    size_t count;
} facts_response;

typedef struct facts_exchange {
    bool secure;                  /* https */
    const facts_failure *failure; /* NULL: a response head came */
    const char *const *addresses;
    size_t address_count;
    const facts_attempt *attempts;
    size_t attempt_count;
    facts_tls tls;
    const facts_response *response;                      /* NULL: none */
    int64_t resolve_ms, connect_ms, tls_ms, response_ms; /* -1: not reached */
} facts_exchange;

void facts_exchange_json(const facts_exchange *exchange, base_json *json);

#endif
