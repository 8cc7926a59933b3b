#include "xxh64.h"

#include "words.h"

#define P1 UINT64_C(0x9e3779b185ebca87)
#define P2 UINT64_C(0xc2b2ae3d27d4eb4f)
#define P3 UINT64_C(0x165667b19e3779f9)
#define P4 UINT64_C(0x85ebca77c2b2ae63)
#define P5 UINT64_C(0x27d4eb2f165667c5)

static inline uint64_t rotate(uint64_t value, int bits)
{
    return value << bits | value >> (64 - bits);
}

static inline uint64_t round_of(uint64_t lane, uint64_t word)
{
    return rotate(lane + word * P2, 31) * P1;
}

static inline uint64_t merge(uint64_t hash, uint64_t lane)
{
    return (hash ^ round_of(0, lane)) * P1 + P4;
}

/* Takes in all whole stripes of 32 octets. */
static uint64_t absorb_stripes(const uint8_t *bytes, size_t length)
{
    uint64_t a = P1 + P2, b = P2, c = 0, d = 0 - P1;

    for (; length >= 32; bytes += 32, length -= 32) {
        a = round_of(a, hf__load64_little(bytes));
        b = round_of(b, hf__load64_little(bytes + 8));
        c = round_of(c, hf__load64_little(bytes + 16));
        d = round_of(d, hf__load64_little(bytes + 24));
    }
    uint64_t hash = rotate(a, 1) + rotate(b, 7) + rotate(c, 12) + rotate(d, 18);
    return merge(merge(merge(merge(hash, a), b), c), d);
}

static uint64_t absorb_rest(uint64_t hash, const uint8_t *bytes, size_t length)
{
    for (; length >= 8; bytes += 8, length -= 8)
        hash = rotate(hash ^ round_of(0, hf__load64_little(bytes)), 27) * P1 + P4;
    if (length >= 4) {
        hash = rotate(hash ^ hf__load32_little(bytes) * P1, 23) * P2 + P3;
        bytes += 4;
        length -= 4;
    }
    for (; length > 0; bytes++, length--)
        hash = rotate(hash ^ *bytes * P5, 11) * P1;
    return hash;
}

uint64_t hf__xxh64(const uint8_t *bytes, size_t length)
{
    uint64_t hash = (length >= 32 ? absorb_stripes(bytes, length) : P5) + length;

    hash = absorb_rest(hash, bytes + (length & ~(size_t)31), length & 31);
    hash = (hash ^ hash >> 33) * P2;
    hash = (hash ^ hash >> 29) * P3;
    return hash ^ hash >> 32;
}
