/*
 * tls/certificate.h: one certificate, read into plain values. Every string is printable: what a certificate holds besides is
 * written as \xNN, for it is the server's word and reaches a terminal.
 */
#ifndef TLS_CERTIFICATE_H
#define TLS_CERTIFICATE_H

#include "base/memory.h"
#include "holdfast/status.h"

#define TLS_NAMES_MAX 1000 /* alternative names that are read */
#define TLS_URLS_MAX 16    /* URLs of a kind that are read */

typedef struct tls_texts {
    const char **items;
    size_t count;
} tls_texts;

typedef struct tls_certificate {
    hf_span der;
    const char *subject; /* RFC 2253: "CN=example.org" */
    const char *issuer;
    const char **names; /* the subject's alternative names: DNS names and IP addresses */
    size_t name_count;
    int64_t not_before, not_after; /* HF_TIME_UNKNOWN if not readable */
    const char *serial;            /* hexadecimal */
    const char *fingerprint;       /* SHA-256 of the DER form, hexadecimal */
    const char *key_type;          /* "RSA", "EC", ... */
    int key_bits;
    const char *signature;                /* "ecdsa-with-SHA256", ... */
    bool self_issued;                     /* issuer and subject are the same name */
    bool authority;                       /* may sign certificates */
    int key_security, signature_security; /* bits: 112 is RSA of 2048 bits, 128 is SHA-256; 0 if not known */
    bool must_staple;                     /* RFC 7633: clients are to insist on a stapled OCSP response */
    size_t sct_count;                     /* signed certificate timestamps embedded in it (RFC 6962 3.3) */
    tls_texts ocsp_urls, issuer_urls, crl_urls;
    const char *place; /* what it does among the certificates sent: tls/chain_order.h; NULL: not looked at */
} tls_certificate;

struct x509_st;
struct asn1_string_st;

/* Unix seconds; HF_TIME_UNKNOWN if it is no time. */
int64_t tls_certificate_time(const struct asn1_string_st *time);

/* Everything is copied into the arena. */
void tls_certificate_read(struct x509_st *x509, base_arena *arena, tls_certificate *certificate);

/* Its fingerprint and its dates alone, at a fraction of the cost; every other text is empty. */
void tls_certificate_read_leaf_only(struct x509_st *x509, base_arena *arena, tls_certificate *certificate);

#endif
