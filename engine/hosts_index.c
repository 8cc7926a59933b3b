#include "hosts_index.h"

#define FIRST_SIZE 8u
#define SIZE_LIMIT ((size_t)1 << 31)

/* Entries that may stand in `size` slots: seven of eight. */
static size_t room_in(size_t size)
{
    return size - size / 8;
}

/* How far the entry at slot `i` stands from the slot where its hash would have it. */
static size_t distance(const hf__index *index, size_t i)
{
    return (i - index->slots[i].hash) & (index->size - 1);
}

bool hf__index_is_full(const hf__index *index)
{
    return index->count >= room_in(index->size);
}

bool hf__index_is_sparse(const hf__index *index)
{
    return index->size > FIRST_SIZE && index->count < index->size / 8;
}

hf_status hf__index_fit(hf__index *index, hf__memory *memory, size_t count)
{
    size_t size = FIRST_SIZE;
    while (room_in(size) < count) {
        if (size >= SIZE_LIMIT || size > SIZE_MAX / 2 / sizeof(hf__slot))
            return HF_E_FULL;
        size *= 2;
    }
    hf__index fitting = {.slots = hf__allocate(memory, size * sizeof(hf__slot)), .size = size};
    if (fitting.slots == NULL)
        return HF_E_MEMORY;
    memset(fitting.slots, 0, size * sizeof(hf__slot));
    for (size_t i = 0; i < index->size; i++)
        if (index->slots[i].ref != 0)
            hf__index_insert(&fitting, index->slots[i].hash, index->slots[i].ref);
    hf__index_done(index, memory);
    *index = fitting;
    return HF_OK;
}

void hf__index_insert(hf__index *index, uint32_t hash, hf__ref ref)
{
    hf__slot moving = {hash, ref};
    size_t mask = index->size - 1, i = hash & mask;
    for (size_t far = 0; index->slots[i].ref != 0; i = (i + 1) & mask, far++) {
        size_t theirs = distance(index, i);
        if (theirs >= far)
            continue;
        hf__slot nearer = index->slots[i];
        index->slots[i] = moving;
        moving = nearer;
        far = theirs;
    }
    index->slots[i] = moving;
    index->count++;
}

hf__slot *hf__index_slot_of(const hf__index *index, uint32_t hash, hf__ref ref)
{
    size_t mask = index->size - 1, i = hash & mask;
    while (index->slots[i].ref != ref)
        i = (i + 1) & mask;
    return &index->slots[i];
}

/* Those that follow move one slot nearer to home, so no marks of former entries are needed. */
void hf__index_remove(hf__index *index, hf__slot *slot)
{
    size_t mask = index->size - 1, i = (size_t)(slot - index->slots);
    for (size_t next = (i + 1) & mask; index->slots[next].ref != 0 && distance(index, next) != 0;) {
        index->slots[i] = index->slots[next];
        i = next;
        next = (i + 1) & mask;
    }
    index->slots[i] = (hf__slot){0, 0};
    index->count--;
}

hf__ref hf__index_find(const hf__index *index, const hf__records *records, uint32_t hash, const hf__key *key)
{
    if (index->count == 0)
        return 0;
    size_t mask = index->size - 1, i = hash & mask;
    for (size_t far = 0; index->slots[i].ref != 0; i = (i + 1) & mask, far++) {
        if (index->slots[i].hash == hash) {
            if (hf__record_has_key(hf__record_at(records, index->slots[i].ref), key))
                return index->slots[i].ref;
        } else if (distance(index, i) < far) {
            return 0; /* ours would have stood here */
        }
    }
    return 0;
}

void hf__index_done(hf__index *index, hf__memory *memory)
{
    hf__release(memory, index->slots, index->size * sizeof(hf__slot));
    *index = (hf__index){0};
}
