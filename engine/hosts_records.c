#include "hosts_records.h"

#define FIRST_BLOCK_UNITS 128u /* 1 KiB: a client that knows five hosts pays for five hosts */
#define FIRST_BLOCKS 4u
#define BLOCKS_MAX (UINT32_MAX >> HF__BLOCK_SHIFT)

static size_t units_of(const hf__record *record)
{
    return HF__UNITS((size_t)record->host_length, (size_t)record->partition_length);
}

/* Reference 0 means none, so the very first unit is never a record. */
static uint32_t first_unit(size_t block)
{
    return block == 0 ? 1 : 0;
}

static hf__ref ref_to(size_t block, uint32_t unit)
{
    return (hf__ref)(block << HF__BLOCK_SHIFT) | unit;
}

static hf__ref take_new(hf__records *records, size_t units)
{
    if (records->count == 0)
        return 0;
    hf__block *last = &records->blocks[records->count - 1];
    if (last->capacity - last->used < units)
        return 0;
    hf__ref ref = ref_to(records->count - 1, last->used);
    last->used += (uint32_t)units;
    records->used_units += units;
    return ref;
}

hf__ref hf__records_take(hf__records *records, const hf__key *key)
{
    size_t units = HF__UNITS(key->host.length, key->partition.length);
    hf__ref ref = records->free[units];

    if (ref != 0) {
        records->free[units] = hf__record_at(records, ref)->older;
        records->free_units -= units;
    } else {
        ref = take_new(records, units);
    }
    if (ref == 0)
        return 0;
    hf__record *record = hf__record_at(records, ref);
    record->host_length = (uint8_t)key->host.length;
    record->partition_length = (uint16_t)key->partition.length;
    record->flags = 0;
    return ref;
}

void hf__records_give(hf__records *records, hf__ref ref)
{
    hf__record *record = hf__record_at(records, ref);
    size_t units = units_of(record);

    record->flags = HF__RECORD_FREE;
    record->older = records->free[units];
    records->free[units] = ref;
    records->free_units += units;
}

static hf_status grow_directory(hf__records *records, hf__memory *memory)
{
    size_t capacity = records->capacity == 0 ? FIRST_BLOCKS : 2 * records->capacity;
    hf__block *blocks = hf__allocate(memory, capacity * sizeof *blocks);

    if (blocks == NULL)
        return HF_E_MEMORY;
    if (records->count > 0)
        memcpy(blocks, records->blocks, records->count * sizeof *blocks);
    hf__release(memory, records->blocks, records->capacity * sizeof *blocks);
    records->blocks = blocks;
    records->capacity = capacity;
    return HF_OK;
}

hf_status hf__records_grow(hf__records *records, hf__memory *memory, size_t units)
{
    if (records->count > BLOCKS_MAX)
        return HF_E_FULL;
    if (records->count == records->capacity) {
        hf_status status = grow_directory(records, memory);
        if (status != HF_OK)
            return status;
    }
    uint32_t capacity = FIRST_BLOCK_UNITS, first = first_unit(records->count);
    for (size_t i = 0; capacity < HF__BLOCK_UNITS && (i < records->count || capacity < first + units); i++)
        capacity *= 2;
    char *block = hf__allocate(memory, (size_t)capacity * HF__UNIT);
    if (block == NULL)
        return HF_E_MEMORY;
    records->blocks[records->count++] = (hf__block){block, capacity, first};
    return HF_OK;
}

bool hf__records_are_sparse(const hf__records *records)
{
    return records->free_units > HF__BLOCK_UNITS && records->free_units > records->used_units / 2;
}

static void drop_blocks(hf__records *records, hf__memory *memory, size_t keep)
{
    while (records->count > keep) {
        hf__block *last = &records->blocks[--records->count];
        hf__release(memory, last->memory, (size_t)last->capacity * HF__UNIT);
    }
}

/*
 * Records keep their order and only ever move towards the front: where one does not fit into what is left of a block it
 * goes to the start of the next, and that is never behind the place from which it comes.
 */
void hf__records_compact(hf__records *records, hf__memory *memory, void (*moved)(void *self, hf__ref from, hf__ref to),
                         void *self)
{
    size_t to_block = 0;
    uint32_t to = first_unit(0);

    for (size_t block = 0; block < records->count; block++) {
        uint32_t units, end = records->blocks[block].used;
        for (uint32_t from = first_unit(block); from < end; from += units) {
            hf__record *record = hf__record_at(records, ref_to(block, from));
            units = (uint32_t)units_of(record);
            if (record->flags & HF__RECORD_FREE)
                continue;
            if (records->blocks[to_block].capacity - to < units) {
                records->blocks[to_block++].used = to;
                to = 0;
            }
            hf__ref old = ref_to(block, from), new = ref_to(to_block, to);
            to += units;
            if (old == new)
                continue;
            memmove(hf__record_at(records, new), record, (size_t)units * HF__UNIT);
            moved(self, old, new);
        }
    }
    if (records->count > 0)
        records->blocks[to_block].used = to;
    drop_blocks(records, memory, to_block + 1);
    memset(records->free, 0, sizeof records->free);
    records->used_units -= records->free_units;
    records->free_units = 0;
}

void hf__records_done(hf__records *records, hf__memory *memory)
{
    drop_blocks(records, memory, 0);
    hf__release(memory, records->blocks, records->capacity * sizeof *records->blocks);
    *records = (hf__records){0};
}
