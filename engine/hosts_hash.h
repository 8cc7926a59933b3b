/*
 * The hash of a known host's name and partition: SipHash-1-3 keyed by the table's seed, taken over the labels from right to left.
 *
 * Because a name's state begins with the state of its parent, one pass over `a.b.example.com` gives the hashes of all its
 * superdomains too, which is what RFC 6797 8.2 has to compare.
 *
 * What is claimed: who does not know the seed cannot predict where names fall, and so cannot choose names that meet in one place
 * of the table; this rests on SipHash being a pseudo-random function. It is no claim about who can read the seed, and with the
 * default seed of 0 nothing is claimed.
 */
#ifndef HF_ENGINE_HOSTS_HASH_H
#define HF_ENGINE_HOSTS_HASH_H

#include "holdfast/host.h"

#define HF__LABELS_MAX 127 /* labels of the longest name: 127 of one octet and the dots between them are 253 octets */

/* The inner state of SipHash. */
typedef struct hf__hash {
    uint64_t v0, v1, v2, v3;
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
 * The hashes of a name and all its superdomains, shortest first, the name itself last. Returns how many, 0 if the name has more
 * labels than a DNS name can have.
 */
size_t hf__hash_suffixes(const hf__hash *seeded, hf_span partition, hf_span host, hf__suffix suffixes[HF__LABELS_MAX]);

#endif
