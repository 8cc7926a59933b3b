/*
 * Where entries lie: records of 40 octets, host and partition, rounded up to 8, in blocks of at most 16 KiB.
 *
 * A record is named by a 32-bit reference, so that links cost 4 octets on every machine. What is forgotten is kept by
 * size and used again for the same size; when more than half is free, the records in use are pushed together and whole
 * blocks go back. So a stream of names of ever other lengths cannot make the table grow beyond about twice what it
 * holds.
 */
#ifndef HF_ENGINE_HOSTS_RECORDS_H
#define HF_ENGINE_HOSTS_RECORDS_H

#include "holdfast/hosts.h"
#include "hosts_memory.h"

typedef uint32_t hf__ref; /* 0: none */

typedef struct hf__record {
    int64_t max_age, observed;
    hf__ref older, newer; /* the order of noting; in a free record, `older` is the next free one of its size */
    int64_t expires;      /* from here on is what a look-up reads */
    uint32_t hash;        /* so that the index can grow and shrink without reading names */
    uint16_t partition_length;
    uint8_t host_length;
    uint8_t flags;
    char bytes[]; /* host, partition */
} hf__record;

#define HF__RECORD_INCLUDE_SUBDOMAINS 0x01u
#define HF__RECORD_SOURCE_SHIFT 1 /* two bits */
#define HF__RECORD_STATE_SHIFT 3  /* two bits */
#define HF__RECORD_CHOSEN 0x20u   /* goes soon: hosts_evict.h */
#define HF__RECORD_FREE 0x80u

#define HF__UNIT 8u
#define HF__UNITS(host, partition) ((offsetof(hf__record, bytes) + (host) + (partition) + HF__UNIT - 1) / HF__UNIT)
#define HF__UNITS_MAX HF__UNITS(HF_HOST_MAX, HF_PARTITION_MAX)

#define HF__BLOCK_SHIFT 11 /* a reference is a block's number and a place in it, in units */
#define HF__BLOCK_UNITS (1u << HF__BLOCK_SHIFT)

typedef struct hf__block {
    char *memory;
    uint32_t capacity, used; /* units */
} hf__block;

typedef struct hf__records {
    hf__block *blocks;
    size_t count, capacity; /* of blocks */
    size_t used_units, free_units;
    hf__ref free[HF__UNITS_MAX + 1]; /* by size in units */
} hf__records;

/* What a record is looked up by. */
typedef struct hf__key {
    hf_span host, partition;
} hf__key;

static inline hf__record *hf__record_at(const hf__records *records, hf__ref ref)
{
    char *memory = records->blocks[ref >> HF__BLOCK_SHIFT].memory;
    return (hf__record *)(void *)(memory + (size_t)(ref & (HF__BLOCK_UNITS - 1)) * HF__UNIT);
}

static inline hf__key hf__record_key(const hf__record *record)
{
    return (hf__key){
        .host = {record->bytes, record->host_length},
        .partition = {record->bytes + record->host_length, record->partition_length},
    };
}

static inline bool hf__record_has_key(const hf__record *record, const hf__key *key)
{
    return record->host_length == key->host.length && record->partition_length == key->partition.length &&
           memcmp(record->bytes, key->host.data, key->host.length) == 0 &&
           (key->partition.length == 0 ||
            memcmp(record->bytes + key->host.length, key->partition.data, key->partition.length) == 0);
}

static inline hf_state hf__record_state(const hf__record *record)
{
    return (hf_state)(record->flags >> HF__RECORD_STATE_SHIFT & 3);
}

/* [RFC6797 8.2-1] "[...] each of the UA's unexpired Known HSTS Hosts." */
static inline bool hf__record_is_in_force(const hf__record *record, int64_t now)
{
    return hf__record_state(record) == HF_STATE_SET && now <= record->expires;
}

static inline bool hf__record_includes_subdomains(const hf__record *record)
{
    return (record->flags & HF__RECORD_INCLUDE_SUBDOMAINS) != 0;
}

/* A record for `key`, with nothing in it but the key's lengths; 0 if there is none before hf__records_grow. */
hf__ref hf__records_take(hf__records *records, const hf__key *key);
/* Takes a record back. Nothing moves. */
void hf__records_give(hf__records *records, hf__ref ref);

/* Adds a block for at least one record of `units`. HF_E_MEMORY, HF_E_FULL. */
HF_MUST_USE hf_status hf__records_grow(hf__records *records, hf__memory *memory, size_t units);

/* True when pushing the records together is worth its cost: it is paid for by as many records forgotten. */
bool hf__records_are_sparse(const hf__records *records);
/* Pushes the records together and gives blocks back. `moved` is told of each record after it moved. Cannot fail. */
void hf__records_compact(hf__records *records, hf__memory *memory, void (*moved)(void *self, hf__ref from, hf__ref to),
                         void *self);

/* Gives everything back; the records are then as new. */
void hf__records_done(hf__records *records, hf__memory *memory);

#endif
