/*
 * net/certificate.h: one certificate, read into plain values. Every string is printable: what a certificate holds besides is
 * written as \xNN, for it is the server's word and reaches a terminal.
 */
#ifndef NET_CERTIFICATE_H
#define NET_CERTIFICATE_H

#include "base/memory.h"
#include "holdfast/status.h"

#define NET_NAMES_MAX 1000 /* alternative names that are read */

typedef struct net_certificate {
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
    const char *signature; /* "ecdsa-with-SHA256", ... */
    bool self_issued;      /* issuer and subject are the same name */
    bool authority;        /* may sign certificates */
} net_certificate;

struct x509_st;

/* Everything is copied into the arena. */
void net_certificate_read(struct x509_st *x509, base_arena *arena, net_certificate *certificate);

#endif
