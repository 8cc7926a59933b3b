#include "slots.h"

#include <stdlib.h>

enum { CAPACITY_MIN = 64 };

static uint32_t hash_of(uint64_t slot)
{
    return (uint32_t)(slot >> 32);
}

/* At most three quarters are in use, and never all, however small the table: a free slot ends every search. */
static size_t most(size_t capacity)
{
    return capacity - (capacity + 3) / 4;
}

size_t hf__slots_capacity(size_t count)
{
    size_t capacity = CAPACITY_MIN;

    while (most(capacity) < count)
        capacity *= 2;
    return capacity;
}

bool hf__slots_reserve(hf__slots *table)
{
    if (table->used < most(table->capacity))
        return true;
    hf__slots larger = {.capacity = hf__slots_capacity(table->used + 1)};
    larger.slots = calloc(larger.capacity, sizeof *larger.slots);
    if (larger.slots == NULL)
        return false;
    for (size_t i = 0; i < table->capacity; i++) {
        if (table->slots[i] != 0)
            hf__slots_add(&larger, table->slots[i]);
    }
    hf__slots_done(table);
    *table = larger;
    return true;
}

void hf__slots_done(hf__slots *table)
{
    free(table->slots);
    *table = (hf__slots){0};
}

uint64_t *hf__slots_next(const hf__slots *table, uint32_t hash, size_t *probe)
{
    while (*probe < table->capacity) {
        uint64_t *slot = &table->slots[(hash + (*probe)++) & (table->capacity - 1)];
        if (*slot == 0)
            return NULL;
        if (hash_of(*slot) == hash)
            return slot;
    }
    return NULL;
}

bool hf__slots_has(const hf__slots *table, uint32_t hash, uint64_t offset)
{
    size_t probe = 0;

    for (const uint64_t *slot; (slot = hf__slots_next(table, hash, &probe)) != NULL;) {
        if (hf__slots_offset(*slot) == offset)
            return true;
    }
    return false;
}

void hf__slots_add(hf__slots *table, uint64_t slot)
{
    size_t mask = table->capacity - 1, at = hash_of(slot) & mask;

    while (table->slots[at] != 0)
        at = (at + 1) & mask;
    table->slots[at] = slot;
    table->used++;
}

/* The slots behind the hole move up, unless they would come before the place where their search begins. */
void hf__slots_remove(hf__slots *table, uint64_t *slot)
{
    size_t mask = table->capacity - 1, hole = (size_t)(slot - table->slots);

    for (size_t at = (hole + 1) & mask; table->slots[at] != 0; at = (at + 1) & mask) {
        size_t home = hash_of(table->slots[at]) & mask;
        if (((at - home) & mask) >= ((at - hole) & mask)) {
            table->slots[hole] = table->slots[at];
            hole = at;
        }
    }
    table->slots[hole] = 0;
    table->used--;
}

bool hf__slots_count(hf__slots *table, uint64_t first, uint64_t end)
{
    size_t outside = 0;

    table->used = 0;
    for (size_t i = 0; i < table->capacity; i++) {
        uint64_t slot = table->slots[i], offset = hf__slots_offset(slot);
        table->used += slot != 0;
        outside += slot != 0 && (offset < first || offset >= end);
    }
    return outside == 0 && table->used <= most(table->capacity);
}
