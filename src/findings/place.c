#include "findings/place.h"

#include <string.h>

static const char *const names[] = {
#define FINDING_X(symbol, name) name,
    FINDING_AT_MAP(FINDING_X)
#undef FINDING_X
};

const char *finding_at_name(finding_at kind)
{
    return names[kind];
}

/* -- Making -------------------------------------------------------------------------------------------------------- */

finding_place finding_at_site(const hf_host *host)
{
    return (finding_place){.kind = FINDING_AT_SITE, .host = host->name};
}

finding_place finding_at_hop(const facts_hop *hop, size_t number)
{
    return (finding_place){
        .kind = FINDING_AT_URL, .host = hop->host.name, .port = hop->port, .url = hop->url, .hop = number};
}

finding_place finding_at_host(const hf_host *host)
{
    return (finding_place){.kind = FINDING_AT_HOST, .host = host->name};
}

finding_place finding_at_record(const char *owner, const char *type)
{
    return (finding_place){.kind = FINDING_AT_RECORD, .owner = owner, .type = type};
}

finding_place finding_at_address(const facts_hop *hop, const char *address, int port)
{
    return (finding_place){
        .kind = FINDING_AT_ADDRESS, .host = hop->host.name, .port = port, .url = hop->url, .address = address};
}

finding_place finding_at_file(const char *file, size_t line, size_t column, size_t end_column)
{
    return (finding_place){
        .kind = FINDING_AT_FILE, .file = file, .line = line, .column = column, .end_column = end_column};
}

finding_place finding_at_certificate(const facts_hop *hop, int sent, const char *subject)
{
    return (finding_place){.kind = FINDING_AT_CERTIFICATE,
                           .host = hop->host.name,
                           .port = hop->port,
                           .url = hop->url,
                           .file = hop->file,
                           .sent = sent,
                           .subject = subject};
}

/* -- Comparing ----------------------------------------------------------------------------------------------------- */

static bool is_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

bool finding_place_is(const finding_place *a, const finding_place *b)
{
    return a->kind == b->kind && a->port == b->port && a->line == b->line && a->column == b->column &&
           a->end_column == b->end_column && a->sent == b->sent && is_text(a->host, b->host) &&
           is_text(a->address, b->address) && is_text(a->owner, b->owner) && is_text(a->type, b->type) &&
           is_text(a->file, b->file) && is_text(a->subject, b->subject);
}

/* -- Text ---------------------------------------------------------------------------------------------------------- */

static void put_address(const finding_place *place, base_buffer *out)
{
    bool bracketed = strchr(place->address, ':') != NULL;

    base_buffer_appendf(out, bracketed ? "address [%s]:%d" : "address %s:%d", place->address, place->port);
    if (place->host != NULL)
        base_buffer_appendf(out, " of %s", place->host);
}

static void put_file(const finding_place *place, base_buffer *out)
{
    base_buffer_text(out, place->file);
    if (place->line > 0)
        base_buffer_appendf(out, ":%zu", place->line);
    if (place->line > 0 && place->column > 0)
        base_buffer_appendf(out, ":%zu", place->column);
    for (size_t i = 0; i < place->include_count; i++)
        base_buffer_appendf(out, ", included from %s:%zu", place->includes[i].file, place->includes[i].line);
}

static void put_certificate(const finding_place *place, base_buffer *out)
{
    const char *of = place->file != NULL ? "in" : "at", *where = place->file != NULL ? place->file : place->url;

    if (place->sent >= 0)
        base_buffer_appendf(out, "certificate %d of the chain %s %s", place->sent + 1, of, where);
    else
        base_buffer_appendf(out, "certificate of the trust store, in the chain %s %s", of, where);
}

void finding_place_text(const finding_place *place, base_buffer *out)
{
    switch (place->kind) {
    case FINDING_AT_SITE:
        base_buffer_appendf(out, "site %s", place->host);
        break;
    case FINDING_AT_URL:
        base_buffer_appendf(out, "at %s", place->url);
        if (place->hop > 1)
            base_buffer_appendf(out, " (hop %zu)", place->hop);
        break;
    case FINDING_AT_HOST:
        base_buffer_appendf(out, "host %s", place->host);
        break;
    case FINDING_AT_RECORD:
        base_buffer_appendf(out, "%s record of %s", place->type, place->owner);
        break;
    case FINDING_AT_ADDRESS:
        put_address(place, out);
        break;
    case FINDING_AT_FILE:
        put_file(place, out);
        break;
    case FINDING_AT_CERTIFICATE:
        put_certificate(place, out);
        break;
    }
}

/* -- JSON ---------------------------------------------------------------------------------------------------------- */

/* 0: not known. */
static void key_number(base_json *json, const char *key, size_t number)
{
    base_json_key(json, key);
    if (number > 0)
        base_json_int(json, (int64_t)number);
    else
        base_json_null(json);
}

void finding_includes_json(const finding_place *place, const char *key, base_json *json)
{
    base_json_key(json, key);
    base_json_array_begin(json);
    for (size_t i = 0; i < place->include_count; i++) {
        base_json_object_begin(json);
        base_json_key_string(json, "file", place->includes[i].file);
        base_json_key_int(json, "line", (int64_t)place->includes[i].line);
        base_json_object_end(json);
    }
    base_json_array_end(json);
}

static void key_file(const finding_place *place, base_json *json)
{
    base_json_key_string(json, "file", place->file);
    key_number(json, "line", place->line);
    key_number(json, "column", place->column);
    key_number(json, "end_column", place->end_column);
    finding_includes_json(place, "includes", json);
}

static void key_certificate(const finding_place *place, base_json *json)
{
    base_json_key_string(json, "url", place->url);
    base_json_key(json, "sent");
    if (place->sent >= 0)
        base_json_int(json, place->sent);
    else
        base_json_null(json);
    base_json_key_string(json, "subject", place->subject);
    if (place->file != NULL)
        base_json_key_string(json, "file", place->file);
}

static void key_members(const finding_place *place, base_json *json)
{
    switch (place->kind) {
    case FINDING_AT_SITE:
    case FINDING_AT_HOST:
        base_json_key_string(json, "host", place->host);
        break;
    case FINDING_AT_URL:
        base_json_key_string(json, "url", place->url);
        key_number(json, "hop", place->hop);
        break;
    case FINDING_AT_RECORD:
        base_json_key_string(json, "owner", place->owner);
        base_json_key_string(json, "type", place->type);
        break;
    case FINDING_AT_ADDRESS:
        base_json_key_string(json, "host", place->host);
        base_json_key_string(json, "address", place->address);
        base_json_key_int(json, "port", place->port);
        break;
    case FINDING_AT_FILE:
        key_file(place, json);
        break;
    case FINDING_AT_CERTIFICATE:
        key_certificate(place, json);
        break;
    }
}

void finding_place_json(const finding_place *place, base_json *json)
{
    base_json_object_begin(json);
    base_json_key_string(json, "kind", finding_at_name(place->kind));
    key_members(place, json);
    base_json_object_end(json);
}
