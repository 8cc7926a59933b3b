#include "facts/response.h"

static void write_content(const facts_content *content, base_json *json)
{
    base_json_key(json, "content");
    base_json_object_begin(json);
    base_json_key_string(json, "framing", content->framing);
    base_json_key_string(json, "end", content->end);
    base_json_key(json, "declared");
    if (content->declared >= 0)
        base_json_int(json, content->declared);
    else
        base_json_null(json);
    base_json_key_int(json, "received", (int64_t)content->received);
    base_json_key_octets(json, "prefix", content->prefix.data, content->prefix.length);
    base_json_object_end(json);
}

void facts_response_json(const facts_response *response, base_json *json)
{
    if (response == NULL) {
        base_json_null(json);
        return;
    }
    base_json_object_begin(json);
    base_json_key_string(json, "version", response->version);
    base_json_key_int(json, "status", response->status);
    base_json_key_octets(json, "reason", response->reason.data, response->reason.length);
    base_json_key_int(json, "interim", (int64_t)response->interim);
    base_json_key_int(json, "skipped_lines", (int64_t)response->skipped);
    base_json_key_octets(json, "raw", response->raw.data, response->raw.length);
    base_json_key(json, "fields");
    base_json_array_begin(json);
    for (size_t i = 0; i < response->count; i++) {
        base_json_object_begin(json);
        base_json_key_octets(json, "name", response->fields[i].name.data, response->fields[i].name.length);
        base_json_key_octets(json, "value", response->fields[i].value.data, response->fields[i].value.length);
        base_json_object_end(json);
    }
    base_json_array_end(json);
    base_json_key_time(json, "received", response->received);
    base_json_key_time(json, "date", response->date);
    write_content(&response->content, json);
    base_json_object_end(json);
}
