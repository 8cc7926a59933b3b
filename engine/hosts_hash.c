#include "hosts_hash.h"

#include "octets.h"

/* Both halves of the product in one: each bit of the result depends on all bits of both. */
static inline uint64_t fold(uint64_t a, uint64_t b)
{
#if defined(__SIZEOF_INT128__)
    __extension__ typedef unsigned __int128 wide;
    wide product = (wide)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
#else
    uint64_t a0 = a & UINT32_MAX, a1 = a >> 32, b0 = b & UINT32_MAX, b1 = b >> 32;
    uint64_t middle = a1 * b0 + (a0 * b0 >> 32), other = a0 * b1 + (middle & UINT32_MAX);
    return (a * b) ^ (a1 * b1 + (middle >> 32) + (other >> 32));
#endif
}

static inline void absorb(hf__hash *h, uint64_t word)
{
    h->state = fold(h->state ^ word, h->key);
}

static inline uint32_t finish(const hf__hash *h)
{
    uint64_t hash = fold(h->state, h->last_key);

    return (uint32_t)(hash ^ hash >> 32);
}

/*
 * What closes a label or a partition: its last octets (at most 7), and in the top octet its length, with a mark that no
 * ASCII text can hold. So two different keys never give the same sequence of words.
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

/* -- Labels, eight octets at a time -------------------------------------------------------------------------------- */

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
 * The eight octets before `end`, the last one highest; dots stand in for what would lie before the name. Without
 * branches, for where labels end is just what no processor can foresee. Each shift is made in two halves, since it may
 * be one of all 64 bits.
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

/* SplitMix64: independent numbers out of one seed. */
static uint64_t next_number(uint64_t *seed)
{
    uint64_t z = *seed += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

hf__hash hf__hash_seeded(uint64_t seed)
{
    hf__hash h;

    h.state = next_number(&seed);
    h.key = next_number(&seed) | 1;
    h.last_key = next_number(&seed) | 1;
    return h;
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
    return finish(&h);
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
        suffixes[count++] = (hf__suffix){finish(&h), (uint32_t)end};
        if (end == 0)
            return count;
    }
}
