/*
 * tls/scope.h: what the CAs of a chain demand of the certificates below them, where browsers hold to it and OpenSSL
 * does not: limits of wildcards, and policies that are required. Pure; every byte may be hostile.
 */
#ifndef TLS_SCOPE_H
#define TLS_SCOPE_H

#include "tls/strict.h"

#define TLS_SCOPE_MAX 64 /* certificates of a path */

/* `path` begins with the server's own certificate. True, with the find, if a name of it lies within what a CA excludes.
 */
bool tls_scope_names(const tls_strict *const *path, size_t count, tls_strict_find *find);

/* RFC 5280 6.1: true if a policy is required, and none holds all the way down. Chromium asks; Firefox does not. */
bool tls_scope_requires_policy(const tls_strict *const *path, size_t count);

#endif
