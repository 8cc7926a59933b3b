/*
 * Eight octets at a time, in plain C: a word is loaded so that the first octet is the lowest on every machine, and a
 * set of its octets is a word in which their high bits stand.
 */
#ifndef HF_ENGINE_OCTETS_H
#define HF_ENGINE_OCTETS_H

#include <stdint.h>

#define HF__OCTETS_ALL UINT64_C(0x8080808080808080)

/* Written out for the sake of big-endian machines; compilers make one load of it. */
static inline uint64_t hf__octets_load(const void *from)
{
    const unsigned char *o = from;
    return (uint64_t)o[0] | (uint64_t)o[1] << 8 | (uint64_t)o[2] << 16 | (uint64_t)o[3] << 24 | (uint64_t)o[4] << 32 |
           (uint64_t)o[5] << 40 | (uint64_t)o[6] << 48 | (uint64_t)o[7] << 56;
}

/* Which octets of `word` are `octet`. */
static inline uint64_t hf__octets_equal(uint64_t word, unsigned char octet)
{
    uint64_t different = word ^ UINT64_C(0x0101010101010101) * octet;
    return ~(((different & ~HF__OCTETS_ALL) + ~HF__OCTETS_ALL) | different) & HF__OCTETS_ALL;
}

/* How many octets stand before the first of a set that is not empty. */
static inline unsigned hf__octets_before_first(uint64_t set)
{
#if defined(__GNUC__)
    return (unsigned)__builtin_ctzll(set) / 8;
#else
    unsigned count = 0;
    for (; !(set & 0xff); set >>= 8)
        count++;
    return count;
#endif
}

/* How many octets stand behind the last of a set; 8 if the set is empty. */
static inline unsigned hf__octets_behind_last(uint64_t set)
{
#if defined(__GNUC__)
    return set == 0 ? 8 : (unsigned)__builtin_clzll(set) / 8;
#else
    unsigned count = 0;
    for (; count < 8 && !(set >> 63); set <<= 8)
        count++;
    return count;
#endif
}

#endif
