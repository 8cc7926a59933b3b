#include "hosts_index.h"

#include "octets.h"

#define FIRST_SIZE 8u
#define SIZE_LIMIT ((size_t)1 << 31)
#define GROUP 8u
#define TAG_USED 0x80u

/* Entries that may stand in `size` slots: three of four. */
static size_t room_in(size_t size)
{
    return size - size / 4;
}

static size_t octets_of(size_t size)
{
    return size == 0 ? 0 : size * sizeof(hf__ref) + size + GROUP - 1;
}

static uint8_t tag_of(uint32_t hash)
{
    return (uint8_t)(TAG_USED | hash >> 25);
}

static void set_slot(hf__index *index, size_t i, hf__ref ref, uint8_t tag)
{
    index->refs[i] = ref;
    index->tags[i] = tag;
    if (i < GROUP - 1)
        index->tags[index->size + i] = tag;
}

bool hf__index_is_full(const hf__index *index)
{
    return index->count >= room_in(index->size);
}

bool hf__index_is_sparse(const hf__index *index)
{
    return index->size > FIRST_SIZE && index->count < index->size / 8;
}

hf_status hf__index_fit(hf__index *index, const hf__records *records, hf__memory *memory, size_t count)
{
    size_t size = FIRST_SIZE;

    while (room_in(size) < count) {
        if (size >= SIZE_LIMIT || size > SIZE_MAX / 16)
            return HF_E_FULL;
        size *= 2;
    }
    hf__index fitting = {.refs = hf__allocate(memory, octets_of(size)), .size = size};
    if (fitting.refs == NULL)
        return HF_E_MEMORY;
    memset(fitting.refs, 0, octets_of(size));
    fitting.tags = (uint8_t *)(fitting.refs + size);
    for (size_t i = 0; i < index->size; i++)
        if (index->refs[i] != 0)
            hf__index_insert(&fitting, hf__record_at(records, index->refs[i])->hash, index->refs[i]);
    hf__index_done(index, memory);
    *index = fitting;
    return HF_OK;
}

void hf__index_insert(hf__index *index, uint32_t hash, hf__ref ref)
{
    size_t mask = index->size - 1, i = hash & mask;

    while (index->tags[i] != 0)
        i = (i + 1) & mask;
    set_slot(index, i, ref, tag_of(hash));
    index->count++;
}

static size_t slot_of(const hf__index *index, uint32_t hash, hf__ref ref)
{
    size_t mask = index->size - 1, i = hash & mask;

    while (index->refs[i] != ref)
        i = (i + 1) & mask;
    return i;
}

void hf__index_rename(hf__index *index, uint32_t hash, hf__ref from, hf__ref to)
{
    index->refs[slot_of(index, hash, from)] = to;
}

/*
 * Knuth's algorithm R (The Art of Computer Programming 6.4): whatever follows without a gap and may stand in the empty
 * slot moves there, so that no marks of former entries are needed.
 */
void hf__index_remove(hf__index *index, const hf__records *records, hf__ref ref)
{
    size_t mask = index->size - 1, gap = slot_of(index, hf__record_at(records, ref)->hash, ref);

    for (size_t i = (gap + 1) & mask; index->tags[i] != 0; i = (i + 1) & mask) {
        size_t from_home = (i - hf__record_at(records, index->refs[i])->hash) & mask;
        if (from_home < ((i - gap) & mask))
            continue;
        set_slot(index, gap, index->refs[i], index->tags[i]);
        gap = i;
    }
    set_slot(index, gap, 0, 0);
    index->count--;
}

hf__ref hf__index_find(const hf__index *index, const hf__records *records, uint32_t hash, const hf__key *key)
{
    if (index->count == 0)
        return 0;
    size_t mask = index->size - 1;
    hf__index_prefetch(index, hash); /* the reference, while the tags are on their way */
    for (size_t at = hash & mask;; at = (at + GROUP) & mask) {
        uint64_t group = hf__octets_load(index->tags + at);
        uint64_t candidates = hf__octets_equal(group, tag_of(hash));
        for (; candidates != 0; candidates &= candidates - 1) {
            hf__ref ref = index->refs[(at + hf__octets_before_first(candidates)) & mask];
            if (hf__record_has_key(hf__record_at(records, ref), key))
                return ref;
        }
        if (~group & HF__OCTETS_ALL) /* an empty slot: ours would stand there or before */
            return 0;
    }
}

void hf__index_done(hf__index *index, hf__memory *memory)
{
    hf__release(memory, index->refs, octets_of(index->size));
    *index = (hf__index){0};
}
