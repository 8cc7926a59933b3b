#include "facts/sts_field.h"

#include <string.h>

#define NOTES_USUAL 32 /* a value with more is read twice: first to count them */

facts_sts_value facts_sts_read(hf_span value, base_arena *arena)
{
    facts_sts_value read = {.value = value};
    hf_note few[NOTES_USUAL], *all;
    hf_notes notes = {.items = few, .capacity = NOTES_USUAL};

    read.valid = hf_header_parse(value.data, value.length, &read.policy, arena != NULL ? &notes : NULL);
    if (notes.count == 0)
        return read;
    all = base_arena_take(arena, notes.count * sizeof *all);
    if (notes.count <= NOTES_USUAL) {
        memcpy(all, few, notes.count * sizeof *all);
    } else {
        notes.items = all;
        notes.capacity = notes.count;
        read.valid = hf_header_parse(value.data, value.length, &read.policy, &notes);
    }
    read.notes = all;
    read.note_count = notes.count;
    return read;
}

const hf_field *facts_sts_first(const facts_response *response)
{
    size_t first = response != NULL ? hf_header_first(response->fields, response->count) : 0;

    return response != NULL && first < response->count ? &response->fields[first] : NULL;
}

size_t facts_sts_count(const facts_response *response)
{
    size_t count = 0;

    for (size_t i = 0; i < response->count; i++)
        count += hf_header_is_sts(response->fields[i].name.data, response->fields[i].name.length);
    return count;
}
