#include "hosts_hash.h"

#include "octets.h"

static inline uint64_t rotate(uint64_t value, int bits)
{
    return value << bits | value >> (64 - bits);
}

static inline void mix(hf__hash *h)
{
    h->v0 += h->v1;
    h->v2 += h->v3;
    h->v1 = rotate(h->v1, 13) ^ h->v0;
    h->v3 = rotate(h->v3, 16) ^ h->v2;
    h->v0 = rotate(h->v0, 32);
    h->v2 += h->v1;
    h->v0 += h->v3;
    h->v1 = rotate(h->v1, 17) ^ h->v2;
    h->v3 = rotate(h->v3, 21) ^ h->v0;
    h->v2 = rotate(h->v2, 32);
}

static inline void absorb(hf__hash *h, uint64_t word)
{
    h->v3 ^= word;
    mix(h);
    h->v0 ^= word;
}

static inline uint32_t finish(hf__hash h)
{
    h.v2 ^= 0xff;
    mix(&h);
    mix(&h);
    mix(&h);
    uint64_t hash = h.v0 ^ h.v1 ^ h.v2 ^ h.v3;
    return (uint32_t)(hash ^ hash >> 32);
}

/*
 * What closes a label or a partition: its last octets (at most 7), and in the top octet its length, with a mark that no ASCII
 * text can hold. So two different keys never give the same sequence of words.
 */
static inline uint64_t closing(uint64_t tail, unsigned mark, size_t length)
{
    return tail | (uint64_t)(mark | (length & 63)) << 56;
}

#define LABEL 0x80u
#define PARTITION 0xc0u

/* Octets are taken from the right, eight to a word. */
static void absorb_partition(hf__hash *h, hf_span partition)
{
    uint64_t word = 0;
    for (size_t i = partition.length, taken = 1; i-- > 0; taken++) {
        word = word << 8 | (unsigned char)partition.data[i];
        if (taken % 8 == 0) {
            absorb(h, word);
            word = 0;
        }
    }
    absorb(h, closing(word, PARTITION, partition.length));
}

/* -- Labels, eight octets at a time ------------------------------------------------------------------------------------------- */

/* A name of which eight octets can be read, however short it is. */
typedef struct text {
    const char *name;
    char padded[8];
} text;

static inline void set_text(text *t, hf_span host)
{
    t->name = host.data;
    if (host.length >= 8)
        return;
    memset(t->padded, '.', sizeof t->padded);
    memcpy(t->padded, host.data, host.length);
    t->name = t->padded;
}

/*
 * The eight octets before `end`, the last one highest; dots stand in for what would lie before the name. Without branches, for
 * where labels end is just what no processor can foresee. Each shift is made in two halves, since it may be one of all 64 bits.
 */
static inline uint64_t octets_before(const text *t, size_t end)
{
    const uint64_t dots = UINT64_C(0x2e2e2e2e2e2e2e2e);
    size_t count = end < 8 ? end : 8, missing = 4 * (8 - count), there = 4 * count;
    return hf__octets_load(t->name + end - count) << missing << missing | dots >> there >> there;
}

/* Absorbs the label that ends before `end`, and gives the offset where it begins. */
static inline size_t absorb_label(hf__hash *h, const text *t, size_t end)
{
    for (size_t at = end;;) {
        uint64_t word = octets_before(t, at);
        unsigned count = hf__octets_behind_last(hf__octets_equal(word, '.'));
        at -= count;
        if (count == 8) {
            absorb(h, word);
            continue;
        }
        unsigned missing = 4 * (8 - count);
        absorb(h, closing(word >> missing >> missing, LABEL, end - at));
        return at;
    }
}

hf__hash hf__hash_seeded(uint64_t seed)
{
    uint64_t other = ~rotate(seed, 32); /* SipHash wants 128 bits of key; 64 of them are secret */
    return (hf__hash){
        .v0 = seed ^ UINT64_C(0x736f6d6570736575),
        .v1 = other ^ UINT64_C(0x646f72616e646f6d),
        .v2 = seed ^ UINT64_C(0x6c7967656e657261),
        .v3 = other ^ UINT64_C(0x7465646279746573),
    };
}

uint32_t hf__hash_name(const hf__hash *seeded, hf_span partition, hf_span host)
{
    hf__hash h = *seeded;
    if (partition.length > 0)
        absorb_partition(&h, partition);
    text t;
    set_text(&t, host);
    size_t at = absorb_label(&h, &t, host.length);
    while (at > 0)
        at = absorb_label(&h, &t, at - 1);
    return finish(h);
}

size_t hf__hash_suffixes(const hf__hash *seeded, hf_span partition, hf_span host, hf__suffix suffixes[HF__LABELS_MAX])
{
    hf__hash h = *seeded;
    if (partition.length > 0)
        absorb_partition(&h, partition);
    text t;
    set_text(&t, host);
    size_t count = 0;
    for (size_t end = host.length;; end--) {
        if (count == HF__LABELS_MAX)
            return 0;
        end = absorb_label(&h, &t, end);
        suffixes[count++] = (hf__suffix){finish(h), (uint32_t)end};
        if (end == 0)
            return count;
    }
}
