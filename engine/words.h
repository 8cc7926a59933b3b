/*
 * Integers from octets, wherever they lie and whatever the order of this machine. Compilers make one instruction of
 * each.
 */
#ifndef HF_ENGINE_WORDS_H
#define HF_ENGINE_WORDS_H

#include <stdint.h>

static inline uint16_t hf__load16_little(const uint8_t *p)
{
    return (uint16_t)(p[0] | p[1] << 8);
}

static inline uint32_t hf__load32_little(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static inline uint64_t hf__load64_little(const uint8_t *p)
{
    return (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 | (uint64_t)p[3] << 24 | (uint64_t)p[4] << 32 |
           (uint64_t)p[5] << 40 | (uint64_t)p[6] << 48 | (uint64_t)p[7] << 56;
}

static inline uint32_t hf__load32_big(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | (uint32_t)p[3];
}

static inline uint64_t hf__load64_big(const uint8_t *p)
{
    return (uint64_t)p[0] << 56 | (uint64_t)p[1] << 48 | (uint64_t)p[2] << 40 | (uint64_t)p[3] << 32 |
           (uint64_t)p[4] << 24 | (uint64_t)p[5] << 16 | (uint64_t)p[6] << 8 | (uint64_t)p[7];
}

/* How many zero bits stand below the lowest one bit. `word` is not 0. */
static inline unsigned hf__trailing_zeros(uint64_t word)
{
#if defined(__GNUC__)
    return (unsigned)__builtin_ctzll(word);
#else
    unsigned count = 0;
    for (; (word & 1) == 0; word >>= 1)
        count++;
    return count;
#endif
}

/* How many ones there are in the octets of a word: in octet i those of the octets 0 to i, the lowest octet being number
 * 0. */
typedef struct hf__ones {
    uint64_t pairs, nibbles; /* by two bits and by four, each alone */
    uint64_t octets;
} hf__ones;

static inline hf__ones hf__count_ones(uint64_t word)
{
    uint64_t pairs = word - (word >> 1 & UINT64_C(0x5555555555555555));
    uint64_t nibbles = (pairs & UINT64_C(0x3333333333333333)) + (pairs >> 2 & UINT64_C(0x3333333333333333));
    uint64_t octets = (nibbles + (nibbles >> 4)) & UINT64_C(0x0f0f0f0f0f0f0f0f);
    return (hf__ones){pairs, nibbles, octets * UINT64_C(0x0101010101010101)};
}

/* Where the one stands before which there are `skip` ones; there are so many. Without a branch, for none could be
 * foretold. */
static inline unsigned hf__place_of_one(uint64_t word, const hf__ones *ones, unsigned skip)
{
    const uint64_t each = UINT64_C(0x0101010101010101);
    /* The high bit of an octet stays set where no more than `skip` ones have been passed. */
    unsigned at = (unsigned)((((skip * each | each << 7) - ones->octets) >> 7 & each) * each >> 56) * 8;
    skip -= (unsigned)(ones->octets << 8 >> at & 0xff);
    unsigned half = (unsigned)(ones->nibbles >> at & 15), goes_on = skip >= half;
    skip -= half & (0u - goes_on);
    at += goes_on * 4;
    half = (unsigned)(ones->pairs >> at & 3);
    goes_on = skip >= half;
    skip -= half & (0u - goes_on);
    at += goes_on * 2;
    return at + (skip >= (word >> at & 1));
}

#endif
