/* tls/strict_state.h: what the files of the strict reader share. */
#ifndef TLS_STRICT_STATE_H
#define TLS_STRICT_STATE_H

#include "tls/der.h"
#include "tls/strict.h"

#define TLS_DER_BOOLEAN 0x01
#define TLS_DER_INTEGER 0x02
#define TLS_DER_BITS 0x03
#define TLS_DER_OCTETS 0x04
#define TLS_DER_NULL 0x05
#define TLS_DER_SET 0x31
#define TLS_DER_UTC_TIME 0x17
#define TLS_DER_GENERAL_TIME 0x18

/* One find of each kind is kept: the first. */
void tls_strict_add(tls_strict *strict, facts_tls_code code, const char *why);

/* True if `input` is one element of the tag, and nothing else. */
bool tls_strict_one(hf_span input, unsigned tag, hf_span *content);
bool tls_strict_is(hf_span octets, const char *bytes, size_t length);

void tls_strict_validity(hf_span validity, tls_strict *strict);
void tls_strict_key(hf_span key, bool leaf, tls_strict *strict);
/* The contents of the algorithm identifier outside and inside of what is signed. */
void tls_strict_algorithms(hf_span outside, hf_span inside, tls_strict *strict);
/* The content of the list of extensions. */
void tls_strict_extensions(hf_span list, bool leaf, bool subject_empty, tls_strict *strict);

/* Which extension a value is of. */
typedef enum tls_strict_kind {
    TLS_STRICT_OTHER,
    TLS_STRICT_BASIC,
    TLS_STRICT_USAGE,
    TLS_STRICT_PURPOSES,
    TLS_STRICT_NAMES,
    TLS_STRICT_CONSTRAINTS,
    TLS_STRICT_POLICIES,
    TLS_STRICT_POLICY_CONSTRAINTS,
    TLS_STRICT_MAPPINGS,
    TLS_STRICT_INHIBIT,
    TLS_STRICT_ACCESS,
    TLS_STRICT_SUBJECT_KEY,
    TLS_STRICT_AUTHORITY_KEY,
    TLS_STRICT_FEATURES,
    TLS_STRICT_KINDS
} tls_strict_kind;

void tls_strict_value(tls_strict_kind kind, hf_span value, bool critical, tls_strict *strict);
/* A list of general names (RFC 5280 4.2.1.6) as Chromium reads it; `masks`: addresses come with a mask, as in name
 * constraints. NULL: it is well-formed; otherwise what is wrong. */
const char *tls_strict_general_name(hf_span *rest, bool masks);

#endif
