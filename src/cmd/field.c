#include "cmd/field.h"

#include "base/memory.h"
#include "report/field.h"

#include <stdlib.h>

#define FIRST_CAPACITY 32

void cmd_field_read(cmd_field *field, const char *value, size_t length)
{
    hf_notes *notes = &field->notes;

    field->value = value;
    field->length = length;
    if (notes->items == NULL) {
        notes->capacity = FIRST_CAPACITY;
        notes->items = base_allocate(notes->capacity * sizeof *notes->items);
    }
    field->valid = hf_header_parse(value, length, &field->policy, notes);
    if (notes->count <= notes->capacity)
        return;
    /* There were more notes than places: now their number is known. */
    free(notes->items);
    notes->capacity = notes->count;
    notes->items = base_allocate(notes->capacity * sizeof *notes->items);
    field->valid = hf_header_parse(value, length, &field->policy, notes);
}

void cmd_field_done(cmd_field *field)
{
    free(field->notes.items);
    *field = (cmd_field){0};
}

void cmd_field_json(const cmd_field *field, base_json *json)
{
    report_field_json((hf_span){field->value, field->length}, field->valid, &field->policy, field->notes.items,
                      field->notes.count, json);
}
