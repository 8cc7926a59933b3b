#include "facts/dns.h"

#include <stdio.h>

static const char *const statuses[] = {
#define FACTS_X(symbol, name) name,
    FACTS_DNS_MAP(FACTS_X)
#undef FACTS_X
};

const char *facts_dns_status_name(facts_dns_status status)
{
    return statuses[status];
}

const char *facts_https_key_name(unsigned key)
{
    static const char *const keys[] = {
#define FACTS_X(symbol, name) name,
        FACTS_HTTPS_KEY_MAP(FACTS_X)
#undef FACTS_X
    };

    return key < FACTS_HTTPS_KEYS ? keys[key] : NULL;
}

const char *facts_unasked_name(facts_unasked unasked)
{
    static const char *const names[] = {
#define FACTS_X(symbol, name) name,
        FACTS_UNASKED_MAP(FACTS_X)
#undef FACTS_X
    };

    return names[unasked];
}

/* Octets as digits, two each. */
static void key_hex(base_json *json, const char *key, hf_span span)
{
    static const char digits[] = "0123456789abcdef";
    base_buffer hex;

    base_buffer_init(&hex, 2 * span.length);
    for (size_t i = 0; i < span.length; i++) {
        base_buffer_char(&hex, digits[(unsigned char)span.data[i] >> 4]);
        base_buffer_char(&hex, digits[(unsigned char)span.data[i] & 15]);
    }
    base_json_key_string(json, key, base_buffer_string(&hex));
    base_buffer_done(&hex);
}

static void write_aliases(const facts_name *name, base_json *json)
{
    base_json_key(json, "aliases");
    base_json_array_begin(json);
    for (size_t i = 0; i < name->alias_count; i++) {
        base_json_object_begin(json);
        base_json_key_string(json, "from", name->aliases[i].from);
        base_json_key_string(json, "to", name->aliases[i].to);
        base_json_key_int(json, "ttl", name->aliases[i].ttl);
        base_json_object_end(json);
    }
    base_json_array_end(json);
}

static void write_addresses(const char *key, const facts_addresses *addresses, base_json *json)
{
    base_json_key(json, key);
    base_json_object_begin(json);
    base_json_key_string(json, "status", statuses[addresses->status]);
    base_json_key(json, "addresses");
    base_json_array_begin(json);
    for (size_t i = 0; i < addresses->count; i++) {
        base_json_object_begin(json);
        base_json_key_string(json, "address", addresses->list[i].text);
        base_json_key_int(json, "ttl", addresses->list[i].ttl);
        base_json_object_end(json);
    }
    base_json_array_end(json);
    base_json_object_end(json);
}

/* -- CAA ----------------------------------------------------------------------------------------------------------- */

static void write_caa_record(const facts_caa_record *record, base_json *json)
{
    base_json_object_begin(json);
    if (!record->malformed) {
        base_json_key_int(json, "flags", record->flags);
        base_json_key_octets(json, "tag", record->tag.data, record->tag.length);
        base_json_key_octets(json, "value", record->value.data, record->value.length);
    }
    base_json_key_bool(json, "malformed", record->malformed);
    base_json_key_int(json, "ttl", record->ttl);
    key_hex(json, "raw", record->raw);
    base_json_object_end(json);
}

static void write_caa(const facts_caa *caa, base_json *json)
{
    base_json_key(json, "caa");
    base_json_object_begin(json);
    base_json_key_string(json, "status", statuses[caa->status]);
    base_json_key_string(json, "at", caa->at);
    base_json_key(json, "records");
    base_json_array_begin(json);
    for (size_t i = 0; i < caa->count; i++)
        write_caa_record(&caa->records[i], json);
    base_json_array_end(json);
    base_json_object_end(json);
}

/* -- HTTPS records ------------------------------------------------------------------------------------------------- */

static void write_alpn(const facts_https_record *record, base_json *json)
{
    base_json_key(json, "alpn");
    base_json_array_begin(json);
    for (size_t i = 0; i < record->alpn_count; i++)
        base_json_octets(json, record->alpn[i].data, record->alpn[i].length);
    base_json_array_end(json);
}

static void write_key(unsigned key, base_json *json)
{
    char text[16];

    snprintf(text, sizeof text, "key%u", key);
    base_json_string(json, facts_https_key_name(key) != NULL ? facts_https_key_name(key) : text);
}

static void write_mandatory(const facts_https_record *record, base_json *json)
{
    base_json_key(json, "mandatory");
    base_json_array_begin(json);
    for (size_t i = 0; i < record->mandatory_count; i++)
        write_key(record->mandatory[i], json);
    base_json_array_end(json);
}

static void write_unknown(const facts_https_record *record, base_json *json)
{
    base_json_key(json, "unknown");
    base_json_array_begin(json);
    for (size_t i = 0; i < record->unknown_count; i++) {
        base_json_object_begin(json);
        base_json_key(json, "key");
        write_key(record->unknown[i].key, json);
        key_hex(json, "value", record->unknown[i].value);
        base_json_object_end(json);
    }
    base_json_array_end(json);
}

static void write_https_record(const facts_https_record *record, base_json *json)
{
    base_json_object_begin(json);
    base_json_key_int(json, "priority", record->priority);
    base_json_key_string(json, "target", record->target);
    write_alpn(record, json);
    base_json_key_bool(json, "no_default_alpn", record->no_default_alpn);
    base_json_key(json, "port");
    if (record->port >= 0)
        base_json_int(json, record->port);
    else
        base_json_null(json);
    base_json_key_strings(json, "ipv4hint", record->ipv4hint, record->ipv4hint_count);
    base_json_key_strings(json, "ipv6hint", record->ipv6hint, record->ipv6hint_count);
    base_json_key_bool(json, "ech", record->ech);
    write_mandatory(record, json);
    write_unknown(record, json);
    base_json_key_string(json, "fault", record->fault);
    base_json_key_int(json, "ttl", record->ttl);
    key_hex(json, "raw", record->raw);
    base_json_object_end(json);
}

static void write_https(const facts_https *https, base_json *json)
{
    base_json_key(json, "https");
    base_json_object_begin(json);
    base_json_key_string(json, "status", statuses[https->status]);
    base_json_key_string(json, "name", https->name);
    base_json_key(json, "records");
    base_json_array_begin(json);
    for (size_t i = 0; i < https->count; i++)
        write_https_record(&https->records[i], json);
    base_json_array_end(json);
    base_json_object_end(json);
}

/* -- The whole ----------------------------------------------------------------------------------------------------- */

static void write_name(const facts_name *name, base_json *json)
{
    base_json_object_begin(json);
    base_json_key_string(json, "name", name->host.name);
    base_json_key_bool(json, "asked", name->unasked == FACTS_UNASKED_ASKED);
    base_json_key_string(json, "unasked", facts_unasked_name(name->unasked));
    if (name->unasked == FACTS_UNASKED_ASKED) {
        write_aliases(name, json);
        write_addresses("a", &name->a, json);
        write_addresses("aaaa", &name->aaaa, json);
        write_caa(&name->caa, json);
        write_https(&name->https, json);
    }
    base_json_object_end(json);
}

void facts_names_json(const facts_names *names, base_json *json)
{
    if (names->count == 0) {
        base_json_null(json);
        return;
    }
    base_json_array_begin(json);
    for (size_t i = 0; i < names->count; i++)
        write_name(&names->list[i], json);
    base_json_array_end(json);
}
