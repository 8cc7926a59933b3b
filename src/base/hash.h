/*
 * base/hash.h: FNV-1a with 64 bits: tells apart what chance changed, a torn write for instance, not what an enemy made.
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

#define BASE_HASH_START UINT64_C(0xcbf29ce484222325)

/* The hash of all that `hash` was made of, with these octets behind it. */
static inline uint64_t base_hash(uint64_t hash, const void *bytes, size_t length)
{
    const unsigned char *at = bytes;

    for (size_t i = 0; i < length; i++)
        hash = (hash ^ at[i]) * UINT64_C(0x100000001b3);
    return hash;
}

#endif
