#include "facts/response.h"

#include "base/ascii.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

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

/* -- Cookies and credentials: the visit needs them, and nobody else shall see them -----------------------------------
 */

typedef struct range {
    size_t from, to;
} range;

/* What of the value is secret: of Set-Cookie what stands from the first '=' to the first ';', of the others all. */
static range secret_of(hf_span name, hf_span value)
{
    static const char *const whole[] = {"set-cookie2", "cookie", "authorization", "proxy-authorization"};
    const char *equals = value.length > 0 ? memchr(value.data, '=', value.length) : NULL;
    const char *end = value.length > 0 ? memchr(value.data, ';', value.length) : NULL;
    range secret = {0, end != NULL ? (size_t)(end - value.data) : value.length};

    if (base_ascii_is(name.data, name.length, "set-cookie")) {
        secret.from = equals != NULL && (end == NULL || equals < end) ? (size_t)(equals - value.data) + 1 : 0;
        return secret;
    }
    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++)
        if (base_ascii_is(name.data, name.length, whole[i]))
            return (range){0, value.length};
    return (range){0, 0};
}

static void mask(char *text, range secret)
{
    for (size_t i = secret.from; i < secret.to; i++)
        if (text[i] != '\r' && text[i] != '\n')
            text[i] = '*';
}

static char *copy_of(hf_span text)
{
    char *copy = base_allocate(text.length + 1);

    if (text.length > 0)
        memcpy(copy, text.data, text.length);
    return copy;
}

/* To the end of a line, and of those that fold on from it. */
static size_t line_end(const char *text, size_t from, size_t length)
{
    do {
        const char *end = memchr(text + from, '\n', length - from);

        from = end != NULL ? (size_t)(end - text) + 1 : length;
    } while (from < length && (text[from] == ' ' || text[from] == '\t'));
    return from;
}

static void mask_line(char *line, size_t length)
{
    char *colon = memchr(line, ':', length);
    size_t name = colon != NULL ? (size_t)(colon - line) : 0, value = name + 1;

    if (colon == NULL)
        return;
    while (name > 0 && (line[name - 1] == ' ' || line[name - 1] == '\t'))
        name--;
    while (value < length && (line[value] == ' ' || line[value] == '\t'))
        value++;
    mask(line + value, secret_of((hf_span){line, name}, (hf_span){line + value, length - value}));
}

static void write_raw(const facts_response *response, size_t after, base_json *json)
{
    size_t length = response->raw.length, end;
    char *copy = copy_of(response->raw);

    for (size_t at = 0; at < length; at = end) {
        end = line_end(copy, at, length);
        mask_line(copy + at, end - at);
    }
    base_json_key_cut(json, "raw", copy, length, after);
    free(copy);
}

static void write_value(hf_span name, hf_span value, base_json *json)
{
    range secret = secret_of(name, value);
    char *copy;

    if (secret.from >= secret.to) {
        base_json_key_cut(json, "value", value.data, value.length, 0);
        return;
    }
    copy = copy_of(value);
    mask(copy, secret);
    base_json_key_cut(json, "value", copy, value.length, 0);
    free(copy);
}

/* -- As JSON --------------------------------------------------------------------------------------------------------
 */

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
        write_value(name, value, json);
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
    write_raw(response, size_of_fields(response), json);
    write_fields(response, json);
    base_json_key_time(json, "received", response->received);
    base_json_key_time(json, "date", response->date);
    write_content(&response->content, json);
    base_json_object_end(json);
}

const hf_field *facts_response_field(const facts_response *response, const char *name)
{
    for (size_t i = 0; i < response->count; i++)
        if (base_ascii_is(response->fields[i].name.data, response->fields[i].name.length, name))
            return &response->fields[i];
    return NULL;
}

bool facts_response_is_refusal(const facts_response *response)
{
    return response->status == 403 || response->status == 429;
}
