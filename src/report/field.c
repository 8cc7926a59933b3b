#include "report/field.h"

#define JSON_INTEGER_MAX INT64_C(9007199254740991) /* the largest that every reader of JSON keeps exactly */

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

static void write_flag(base_json *json, const char *key, bool valid, bool flag)
{
    base_json_key(json, key);
    if (valid)
        base_json_bool(json, flag);
    else
        base_json_null(json);
}

void report_field_json(const facts_sts_value *sent, base_json *json)
{
    base_json_object_begin(json);
    base_json_key_cut(json, "value", sent->value.data, sent->value.length, 0);
    base_json_key(json, "valid");
    base_json_bool(json, sent->valid);
    base_json_key(json, "max_age");
    if (sent->valid)
        base_json_int(json, sent->policy.max_age < JSON_INTEGER_MAX ? sent->policy.max_age : JSON_INTEGER_MAX);
    else
        base_json_null(json);
    write_flag(json, "include_subdomains", sent->valid, sent->policy.include_subdomains);
    write_flag(json, "preload", sent->valid, sent->policy.preload);
    base_json_key(json, "notes");
    base_json_array_begin(json);
    for (size_t i = 0; i < sent->note_count; i++)
        write_note(&sent->notes[i], json);
    base_json_array_end(json);
    base_json_object_end(json);
}
