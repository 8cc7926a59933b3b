/*
 * The index: for each entry the row that holds it now, found by the hash of its name.
 *
 * A table with open addressing; a slot is the hash (high 32 bits) and the row's offset in the file divided by 8 (low 32
 * bits), 0 when free. It is written to the file as it is and read back in one piece, so that opening costs no more than
 * reading it.
 */
#ifndef HF_STORE_SLOTS_H
#define HF_STORE_SLOTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct hf__slots {
    uint64_t *slots;
    size_t capacity; /* a power of two, or 0 */
    size_t used;
} hf__slots;

#define HF__SLOTS_OFFSET_MAX ((UINT64_C(1) << 35) - 8) /* the last offset that a slot can name */

/* The capacity that a table for `count` entries needs. */
size_t hf__slots_capacity(size_t count);
/* Makes room for one more. False when out of memory, and then nothing has changed. */
bool hf__slots_reserve(hf__slots *table);
void hf__slots_done(hf__slots *table);

/*
 * Walks the slots with this hash: *probe = 0 first, NULL at the end. hf__slots_offset is where the slot's row stands.
 */
uint64_t *hf__slots_next(const hf__slots *table, uint32_t hash, size_t *probe);
/* True if this hash leads to this row. */
bool hf__slots_has(const hf__slots *table, uint32_t hash, uint64_t offset);

static inline uint64_t hf__slots_offset(uint64_t slot)
{
    return (slot & UINT32_MAX) * 8;
}

static inline uint64_t hf__slots_make(uint32_t hash, uint64_t offset)
{
    return (uint64_t)hash << 32 | offset / 8;
}

/* Room must have been made. */
void hf__slots_add(hf__slots *table, uint64_t slot);
void hf__slots_remove(hf__slots *table, uint64_t *slot);

/*
 * Counts the slots in use of a table that was read from the file. False if no such table was ever written: so full that
 * a search might not end, or leading to rows outside of those between `first` and `end`.
 */
bool hf__slots_count(hf__slots *table, uint64_t first, uint64_t end);

#endif
