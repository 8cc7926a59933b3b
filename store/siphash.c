#include "siphash.h"

#include "octets.h"

typedef struct sip_state {
    uint64_t v0, v1, v2, v3;
} sip_state;

static inline uint64_t rotate(uint64_t value, int bits)
{
    return value << bits | value >> (64 - bits);
}

static inline void mix(sip_state *s)
{
    s->v0 += s->v1;
    s->v2 += s->v3;
    s->v1 = rotate(s->v1, 13) ^ s->v0;
    s->v3 = rotate(s->v3, 16) ^ s->v2;
    s->v0 = rotate(s->v0, 32);
    s->v2 += s->v1;
    s->v0 += s->v3;
    s->v1 = rotate(s->v1, 17) ^ s->v2;
    s->v3 = rotate(s->v3, 21) ^ s->v0;
    s->v2 = rotate(s->v2, 32);
}

static inline void absorb(sip_state *s, uint64_t word)
{
    s->v3 ^= word;
    mix(s);
    s->v0 ^= word;
}

uint64_t hf__siphash(hf__siphash_key key, const void *data, size_t length)
{
    sip_state s = {
        .v0 = key.a ^ UINT64_C(0x736f6d6570736575),
        .v1 = key.b ^ UINT64_C(0x646f72616e646f6d),
        .v2 = key.a ^ UINT64_C(0x6c7967656e657261),
        .v3 = key.b ^ UINT64_C(0x7465646279746573),
    };
    const uint8_t *at = data, *whole = at + length / 8 * 8;

    for (; at < whole; at += 8)
        absorb(&s, hf__get64(at));
    uint64_t last = (uint64_t)(length & 0xff) << 56;
    for (size_t i = 0; i < length % 8; i++)
        last |= (uint64_t)at[i] << (8 * i);
    absorb(&s, last);
    s.v2 ^= 0xff;
    mix(&s);
    mix(&s);
    mix(&s);
    return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}
