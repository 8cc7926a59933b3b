/*
 * The index from a hash to a record: open addressing with linear probing, slots of 8 octets.
 *
 * Slots stand in the order of their distance from home (Robin Hood hashing), so that a look-up for a name that is not there ends
 * after a few slots even when seven of eight are taken. A slot keeps all 32 bits of the hash: growing reads no record.
 */
#ifndef HF_ENGINE_HOSTS_INDEX_H
#define HF_ENGINE_HOSTS_INDEX_H

#include "hosts_memory.h"
#include "hosts_records.h"

typedef struct hf__slot {
    uint32_t hash;
    hf__ref ref; /* 0: the slot is empty */
} hf__slot;

typedef struct hf__index {
    hf__slot *slots; /* NULL as long as there is nothing to find */
    size_t size;     /* a power of two, or 0 */
    size_t count;
} hf__index;

/* Is there no room for one more? Is there room for many times what is left? Then hf__index_fit should be called. */
bool hf__index_is_full(const hf__index *index);
bool hf__index_is_sparse(const hf__index *index);
/* Takes the size that fits `count` entries. HF_E_MEMORY, HF_E_FULL; the index is then as it was. */
HF_MUST_USE hf_status hf__index_fit(hf__index *index, hf__memory *memory, size_t count);

/* Adds an entry whose key is not there. There must be room. */
void hf__index_insert(hf__index *index, uint32_t hash, hf__ref ref);

/* The slot of a record; the record must be there. */
hf__slot *hf__index_slot_of(const hf__index *index, uint32_t hash, hf__ref ref);

void hf__index_remove(hf__index *index, hf__slot *slot);

/* The record of a key, or 0. */
hf__ref hf__index_find(const hf__index *index, const hf__records *records, uint32_t hash, const hf__key *key);

/* Tells the processor that a look-up for `hash` will follow. */
static inline void hf__index_prefetch(const hf__index *index, uint32_t hash)
{
#if defined(__GNUC__)
    __builtin_prefetch(&index->slots[hash & (index->size - 1)]);
#else
    (void)index, (void)hash;
#endif
}

void hf__index_done(hf__index *index, hf__memory *memory);

#endif
