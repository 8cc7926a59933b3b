#include "facts/response.h"

#define FACTS_X(symbol, name) name,
static const char *const versions[] = {FACTS_HTTP_MAP(FACTS_X)};
static const char *const framings[] = {FACTS_FRAMING_MAP(FACTS_X)};
static const char *const ends[] = {FACTS_CONTENT_MAP(FACTS_X)};
#undef FACTS_X

const char *facts_http_name(facts_http version)
{
    return versions[version];
}

const char *facts_framing_name(facts_framing framing)
{
    return framings[framing];
}

const char *facts_content_end_name(facts_content_end end)
{
    return ends[end];
}

static void write_content(const facts_content *content, base_json *json)
{
    base_json_key(json, "content");
    base_json_object_begin(json);
    base_json_key_string(json, "framing", facts_framing_name(content->framing));
    base_json_key_string(json, "end", facts_content_end_name(content->end));
    base_json_key(json, "declared");
    if (content->declared >= 0)
        base_json_int(json, content->declared);
    else
        base_json_null(json);
    base_json_key_int(json, "received", (int64_t)content->received);
    base_json_key_cut(json, "prefix", content->prefix.data, content->prefix.length, 0);
    base_json_object_end(json);
}

/* Octets of JSON that the fields come to. */
static size_t size_of_fields(const facts_response *response)
{
    size_t size = 0;

    for (size_t i = 0; i < response->count; i++)
        size += base_json_octets_size(response->fields[i].name.data, response->fields[i].name.length) +
                base_json_octets_size(response->fields[i].value.data, response->fields[i].value.length);
    return size;
}

/* Those that there is room for, whole; and how many more there are. */
static void write_fields(const facts_response *response, base_json *json)
{
    size_t i;

    base_json_key(json, "fields");
    base_json_array_begin(json);
    for (i = 0; i < response->count; i++) {
        const hf_span name = response->fields[i].name, value = response->fields[i].value;

        if (base_json_octets_size(name.data, name.length) + base_json_octets_size(value.data, value.length) >
            json->octets_left)
            break;
        base_json_object_begin(json);
        base_json_key_cut(json, "name", name.data, name.length, 0);
        base_json_key_cut(json, "value", value.data, value.length, 0);
        base_json_object_end(json);
    }
    base_json_array_end(json);
    if (i < response->count)
        base_json_key_int(json, "fields_cut", (int64_t)(response->count - i));
}

void facts_response_json(const facts_response *response, base_json *json)
{
    if (response == NULL) {
        base_json_null(json);
        return;
    }
    base_json_object_begin(json);
    base_json_key_string(json, "version", facts_http_name(response->version));
    base_json_key_int(json, "status", response->status);
    base_json_key_cut(json, "reason", response->reason.data, response->reason.length, 0);
    base_json_key_int(json, "interim", (int64_t)response->interim);
    base_json_key_int(json, "skipped_lines", (int64_t)response->skipped);
    /* The fields tell more than the same octets once more. */
    base_json_key_cut(json, "raw", response->raw.data, response->raw.length, size_of_fields(response));
    write_fields(response, json);
    base_json_key_time(json, "received", response->received);
    base_json_key_time(json, "date", response->date);
    write_content(&response->content, json);
    base_json_object_end(json);
}

bool facts_response_is_refusal(const facts_response *response)
{
    return response->status == 403 || response->status == 429;
}
