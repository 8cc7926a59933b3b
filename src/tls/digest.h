/*
 * tls/digest.h: SHA-256, for naming files and lists by what they hold.
 */
#ifndef TLS_DIGEST_H
#define TLS_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#define TLS_SHA256_SIZE 32

void tls_sha256(const void *bytes, size_t length, uint8_t digest[TLS_SHA256_SIZE]);

#endif
