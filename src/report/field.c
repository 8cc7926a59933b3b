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

void report_field_json(hf_span value, bool valid, const hf_policy *policy, const hf_note *notes, size_t note_count,
                       base_json *json)
{
    base_json_object_begin(json);
    base_json_key(json, "value");
    base_json_octets(json, value.data, value.length);
    base_json_key(json, "valid");
    base_json_bool(json, valid);
    base_json_key(json, "max_age");
    if (valid)
        base_json_int(json, policy->max_age < JSON_INTEGER_MAX ? policy->max_age : JSON_INTEGER_MAX);
    else
        base_json_null(json);
    write_flag(json, "include_subdomains", valid, policy->include_subdomains);
    write_flag(json, "preload", valid, policy->preload);
    base_json_key(json, "notes");
    base_json_array_begin(json);
    for (size_t i = 0; i < note_count; i++)
        write_note(&notes[i], json);
    base_json_array_end(json);
    base_json_object_end(json);
}
