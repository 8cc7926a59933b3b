/*
 * net/digest.h: SHA-256, for naming files and lists by what they hold.
 */
#ifndef NET_DIGEST_H
#define NET_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#define NET_SHA256_SIZE 32

void net_sha256(const void *bytes, size_t length, uint8_t digest[NET_SHA256_SIZE]);

#endif
