/*
 * The index from a hash to a record: open addressing with linear probing, five octets a slot.
 *
 * A slot has a reference, and apart from it a tag: 0 when it is empty, else seven bits of the hash. Tags lie side by
 * side and are compared eight at a time, so that a look-up for a name which is not there mostly ends after one step,
 * and in memory that stays in the processor's cache: with a million entries that is two thirds of the time of slots
 * with whole hashes in them.
 */
#ifndef HF_ENGINE_HOSTS_INDEX_H
#define HF_ENGINE_HOSTS_INDEX_H

#include "hosts_memory.h"
#include "hosts_records.h"

typedef struct hf__index {
    hf__ref *refs; /* `size` of them; NULL as long as there is nothing to find */
    uint8_t *tags; /* in the same block, behind them; the first seven once more at the end, so that eight can be read
                      anywhere */
    size_t size;   /* a power of two, or 0 */
    size_t count;
} hf__index;

/* Is there no room for one more? Is there room for many times what is left? Then hf__index_fit should be called. */
bool hf__index_is_full(const hf__index *index);
bool hf__index_is_sparse(const hf__index *index);
/* Takes the size that fits `count` entries. HF_E_MEMORY, HF_E_FULL; the index is then as it was. */
HF_MUST_USE hf_status hf__index_fit(hf__index *index, const hf__records *records, hf__memory *memory, size_t count);

/* Adds a record whose key is not there. There must be room. */
void hf__index_insert(hf__index *index, uint32_t hash, hf__ref ref);

/* The record was `from` and is now `to`. */
void hf__index_rename(hf__index *index, uint32_t hash, hf__ref from, hf__ref to);

/* Takes a record out that is in. */
void hf__index_remove(hf__index *index, const hf__records *records, hf__ref ref);

/* The record of a key, or 0. */
hf__ref hf__index_find(const hf__index *index, const hf__records *records, uint32_t hash, const hf__key *key);

/* Tells the processor that a look-up for `hash` will follow. The index must not be empty. */
static inline void hf__index_prefetch(const hf__index *index, uint32_t hash)
{
#if defined(__GNUC__)
    __builtin_prefetch(&index->tags[hash & (index->size - 1)]);
    __builtin_prefetch(&index->refs[hash & (index->size - 1)]);
#else
    (void)index, (void)hash;
#endif
}

void hf__index_done(hf__index *index, hf__memory *memory);

#endif
