/*
 * tls/certificate.h: one certificate, read into facts. Every string is printable: other bytes are written as \xNN,
 * because a server chose them and they reach a terminal.
 */
#ifndef TLS_CERTIFICATE_H
#define TLS_CERTIFICATE_H

#include "facts/tls.h"

#include "base/memory.h"

#define TLS_NAMES_MAX 1000 /* alternative names that are read */
#define TLS_URLS_MAX 16    /* URLs of a kind that are read */

struct x509_st;
struct asn1_string_st;

/* Unix seconds; HF_TIME_UNKNOWN if it is not a time. */
int64_t tls_certificate_time(const struct asn1_string_st *time);

/* Everything is copied into the arena. */
void tls_certificate_read(struct x509_st *x509, base_arena *arena, facts_certificate *certificate);

/*
 * What identifies it alone, at a fraction of the cost: its hashes, serial number, authority key, dates and names; every
 * other text is empty. `digest` is the SHA-256 of its DER form, if that is known already; NULL: it is not.
 */
void tls_certificate_read_leaf_only(struct x509_st *x509, const uint8_t *digest, base_arena *arena,
                                    facts_certificate *certificate);

#endif
