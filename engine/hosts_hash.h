/*
 * The hash of a known host's name and partition: multiplications folded in half and keyed by the table's seed, over the
 * labels from right to left.
 *
 * Because a name's state begins with the state of its parent, one pass over `a.b.example.com` gives the hashes of all
 * its superdomains too, which is what RFC 6797 8.2 has to compare.
 *
 * What is claimed: names chosen by somebody who does not know the seed fall as if at random, for no pair of names is
 * known that meets under every seed or under many. It is no cryptographic function: nothing is claimed against those
 * who can see hashes, nor with a seed that they can guess. SipHash-1-3 in its place makes a look-up that finds its name
 * among a million one and a half times as slow, not by its own time but because the processor then sees fewer look-ups
 * ahead.
 */
#ifndef HF_ENGINE_HOSTS_HASH_H
#define HF_ENGINE_HOSTS_HASH_H

#include "holdfast/host.h"

#define HF__LABELS_MAX 127 /* labels of the longest name: 127 of one octet and the dots between them are 253 octets */

typedef struct hf__hash {
    uint64_t state;
    uint64_t key, last_key; /* secret multipliers */
} hf__hash;

/* A name or one of its superdomains. */
typedef struct hf__suffix {
    uint32_t hash;
    uint32_t offset; /* octets from the start of the name to where this one begins */
} hf__suffix;

/* The state from which every hash of a table begins. */
hf__hash hf__hash_seeded(uint64_t seed);

/* The hash of a whole name. */
uint32_t hf__hash_name(const hf__hash *seeded, hf_span partition, hf_span host);

/*
 * The hashes of a name and all its superdomains, shortest first, the name itself last. Returns how many, 0 if the name
 * has more labels than a DNS name can have.
 */
size_t hf__hash_suffixes(const hf__hash *seeded, hf_span partition, hf_span host, hf__suffix suffixes[HF__LABELS_MAX]);

#endif
