/* The inside of an HTTPS record: RFC 9460 2.2. */
#include "dns/records.h"

static const unsigned char *octets(hf_span span)
{
    return (const unsigned char *)span.data;
}

/* -- One parameter each: false if the value is not of the form that its key asks for ------------------------------- */

/* RFC 9460 8: "In wire format, the keys are represented by their numeric values in network byte order, concatenated in
   strictly increasing numeric order." Key 0 is not one of them. */
static bool read_mandatory(hf_span value, base_arena *arena, facts_https_record *record)
{
    size_t count = value.length / 2;
    unsigned *keys = base_arena_take(arena, count * sizeof *keys);

    if (count == 0 || value.length % 2 != 0)
        return false;
    for (size_t i = 0; i < count; i++) {
        keys[i] = dns_u16(octets(value) + 2 * i);
        if (keys[i] == FACTS_HTTPS_MANDATORY || (i > 0 && keys[i] <= keys[i - 1]))
            return false;
    }
    record->mandatory = keys;
    record->mandatory_count = count;
    return true;
}

/* RFC 9460 7.1.1: "the wire-format value for alpn consists of at least one alpn-id prefixed by its length as a single
   octet, and these length-value pairs are concatenated". An identifier has at least one octet (RFC 7301 3.1). */
static bool read_alpn(hf_span value, base_arena *arena, facts_https_record *record)
{
    hf_span *list;
    size_t count = 0, at = 0;

    while (at < value.length && octets(value)[at] > 0 && octets(value)[at] < value.length - at) {
        at += 1U + octets(value)[at];
        count++;
    }
    if (count == 0 || at != value.length)
        return false;
    list = base_arena_take(arena, count * sizeof *list);
    at = 0;
    for (size_t i = 0; i < count; i++) {
        list[i] = (hf_span){value.data + at + 1, octets(value)[at]};
        at += 1 + list[i].length;
    }
    record->alpn = list;
    record->alpn_count = count;
    return true;
}

static bool read_no_default_alpn(hf_span value, base_arena *arena, facts_https_record *record)
{
    (void)arena;
    record->no_default_alpn = value.length == 0;
    return value.length == 0;
}

static bool read_port(hf_span value, base_arena *arena, facts_https_record *record)
{
    (void)arena;
    if (value.length != 2)
        return false;
    record->port = (int)dns_u16(octets(value));
    return true;
}

/* RFC 9460 7.3: addresses in network byte order, one after the other, and at least one. */
static const char *const *read_hints(hf_span value, size_t size, base_arena *arena, size_t *count)
{
    const char **list;
    char text[IO_ADDRESS_TEXT];
    io_address address;

    if (value.length == 0 || value.length % size != 0)
        return NULL;
    *count = value.length / size;
    list = base_arena_take(arena, *count * sizeof *list);
    for (size_t i = 0; i < *count; i++) {
        io_address_from_octets(value.data + i * size, size, 0, &address);
        io_address_format(&address, text);
        list[i] = base_arena_string(arena, text);
    }
    return list;
}

static bool read_ipv4hint(hf_span value, base_arena *arena, facts_https_record *record)
{
    record->ipv4hint = read_hints(value, 4, arena, &record->ipv4hint_count);
    return record->ipv4hint != NULL;
}

static bool read_ipv6hint(hf_span value, base_arena *arena, facts_https_record *record)
{
    record->ipv6hint = read_hints(value, 16, arena, &record->ipv6hint_count);
    return record->ipv6hint != NULL;
}

static bool read_ech(hf_span value, base_arena *arena, facts_https_record *record)
{
    (void)arena;
    record->ech = true;
    return value.length > 0;
}

static const struct {
    bool (*read)(hf_span value, base_arena *arena, facts_https_record *record);
    const char *fault;
} keys[FACTS_HTTPS_KEYS] = {
    [FACTS_HTTPS_MANDATORY] = {read_mandatory, "the value of mandatory is malformed"},
    [FACTS_HTTPS_ALPN] = {read_alpn, "the value of alpn is malformed"},
    [FACTS_HTTPS_NO_DEFAULT_ALPN] = {read_no_default_alpn, "no-default-alpn has a value"},
    [FACTS_HTTPS_PORT] = {read_port, "the value of port is malformed"},
    [FACTS_HTTPS_IPV4HINT] = {read_ipv4hint, "the value of ipv4hint is malformed"},
    [FACTS_HTTPS_ECH] = {read_ech, "the value of ech is empty"},
    [FACTS_HTTPS_IPV6HINT] = {read_ipv6hint, "the value of ipv6hint is malformed"},
};

/* -- The whole ----------------------------------------------------------------------------------------------------- */

typedef struct list {
    facts_https_param *params;
    size_t count;
} list;

/* RFC 9460 2.2: malformed if "the end of the RDATA occurs within a SvcParam", or if "SvcParamKeys are not in strictly
   increasing numeric order". */
static const char *split(hf_span rest, list *found)
{
    while (rest.length > 0) {
        unsigned key, length;

        if (rest.length < 4)
            return "the record ends within a parameter";
        key = dns_u16(octets(rest));
        length = dns_u16(octets(rest) + 2);
        if (rest.length - 4 < length)
            return "the record ends within a parameter";
        if (found->count > 0 && key <= found->params[found->count - 1].key)
            return "the keys are not in strictly increasing order";
        found->params[found->count++] = (facts_https_param){key, {rest.data + 4, length}};
        rest.data += 4 + length;
        rest.length -= 4 + length;
    }
    return NULL;
}

static bool has(const list *found, unsigned key)
{
    for (size_t i = 0; i < found->count; i++)
        if (found->params[i].key == key)
            return true;
    return false;
}

/* RFC 9460 8: keys that are mandatory must be there; and 7.1.1: "When 'no-default-alpn' is specified in an RR, 'alpn'
   must also be specified in order for the RR to be 'self-consistent'". What is not is of no more use than what is
   malformed. */
static const char *find_contradiction(const list *found, const facts_https_record *record)
{
    for (size_t i = 0; i < record->mandatory_count; i++)
        if (!has(found, record->mandatory[i]))
            return "a key that is mandatory is not there";
    return record->no_default_alpn && record->alpn_count == 0 ? "no-default-alpn without alpn" : NULL;
}

static const char *read_params(const list *found, base_arena *arena, facts_https_record *record)
{
    facts_https_param *unknown = base_arena_take(arena, found->count * sizeof *unknown);

    record->unknown = unknown;
    for (size_t i = 0; i < found->count; i++) {
        const facts_https_param *param = &found->params[i];

        if (param->key >= FACTS_HTTPS_KEYS)
            unknown[record->unknown_count++] = *param;
        else if (!keys[param->key].read(param->value, arena, record))
            return keys[param->key].fault;
    }
    return record->priority > 0 ? find_contradiction(found, record) : NULL;
}

/* What is wrong with the record; NULL: nothing. */
static const char *read_record(hf_span data, base_arena *arena, facts_https_record *record)
{
    char target[DNS_TEXT_MAX];
    size_t at = 0;
    list found = {0};
    const char *fault;

    if (data.length < 3)
        return "the record is cut";
    record->priority = dns_u16(octets(data));
    data = (hf_span){data.data + 2, data.length - 2};
    /* RFC 9460 2.2: "the uncompressed, fully qualified TargetName". No pointer can lead to before it, so none is
     * followed. */
    if (!dns_name(octets(data), data.length, &at, target))
        return "the target is no name";
    record->target = base_arena_string(arena, target);
    found.params = base_arena_take(arena, (data.length / 4 + 1) * sizeof *found.params);
    fault = split((hf_span){data.data + at, data.length - at}, &found);
    return fault != NULL ? fault : read_params(&found, arena, record);
}

const char *dns_svcb_read(hf_span data, base_arena *arena, facts_https_record *record)
{
    *record = (facts_https_record){.port = -1, .target = ".", .raw = data};
    record->fault = read_record(data, arena, record);
    return record->fault;
}
