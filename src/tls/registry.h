/*
 * tls/registry.h: the numbers of cipher suites, groups and signature schemes (IANA's registries of TLS parameters),
 * with their names; also of those that no library offers any more.
 */
#ifndef TLS_REGISTRY_H
#define TLS_REGISTRY_H

#include "tls/hello.h"

#define TLS_SUITES_MAX 512
#define TLS_GROUPS_MAX 64
#define TLS_SIGNATURES_MAX 64

/* NULL: not known. */
const char *tls_suite_name(uint16_t suite);
const char *tls_group_name(uint16_t group);
const char *tls_signature_name(uint16_t signature);

/* By its name: what its ServerKeyExchange holds. */
tls_exchange tls_suite_exchange(uint16_t suite);

/* All that are known and may be agreed on in that version; returns how many. */
size_t tls_suites_of(uint16_t version, uint16_t out[static TLS_SUITES_MAX]);
size_t tls_groups_of(uint16_t version, uint16_t out[static TLS_GROUPS_MAX]);
size_t tls_signatures_of(uint16_t version, uint16_t out[static TLS_SIGNATURES_MAX]);

#endif
