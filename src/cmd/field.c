#include "cmd/field.h"

#include "base/memory.h"

#include <stdlib.h>

#define FIRST_CAPACITY 32
#define JSON_INTEGER_MAX INT64_C(9007199254740991) /* the largest that every reader of JSON keeps exactly */

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

static void write_note(const hf_note *note, base_json *json)
{
    base_json_object_begin(json);
    base_json_key(json, "id");
    base_json_string(json, hf_note_name(note->id));
    base_json_key(json, "severity");
    base_json_string(json, hf_severity_name(hf_note_severity(note->id)));
    base_json_key(json, "offset");
    base_json_int(json, (int64_t)note->offset);
    base_json_key(json, "length");
    base_json_int(json, (int64_t)note->length);
    base_json_key(json, "section");
    base_json_string(json, hf_note_section(note->id));
    base_json_key(json, "message");
    base_json_string(json, hf_note_message(note->id));
    base_json_object_end(json);
}

static void write_flag(base_json *json, const char *key, const cmd_field *field, bool flag)
{
    base_json_key(json, key);
    if (field->valid)
        base_json_bool(json, flag);
    else
        base_json_null(json);
}

void cmd_field_json(const cmd_field *field, base_json *json)
{
    size_t i;

    base_json_object_begin(json);
    base_json_key(json, "value");
    base_json_octets(json, field->value, field->length);
    base_json_key(json, "valid");
    base_json_bool(json, field->valid);
    base_json_key(json, "max_age");
    if (field->valid)
        base_json_int(json, field->policy.max_age < JSON_INTEGER_MAX ? field->policy.max_age : JSON_INTEGER_MAX);
    else
        base_json_null(json);
    write_flag(json, "include_subdomains", field, field->policy.include_subdomains);
    write_flag(json, "preload", field, field->policy.preload);
    base_json_key(json, "notes");
    base_json_array_begin(json);
    for (i = 0; i < field->notes.count; i++)
        write_note(&field->notes.items[i], json);
    base_json_array_end(json);
    base_json_object_end(json);
}
