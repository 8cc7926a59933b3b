#include "dns/records.h"

#include <string.h>

#define SOA_TAIL 20 /* octets behind the two names of a SOA record; the last four are MINIMUM */
#define FEW 4       /* records that most answers do not exceed */

/* -- The answer to a question -------------------------------------------------------------------------------------- */

typedef struct reading {
    dns_type type;
    base_arena *arena;
    dns_answer *answer;
    facts_alias *aliases;
    dns_value *values;
    size_t room;       /* for values */
    const char *owner; /* where the aliases have led so far */
    uint32_t lowest;   /* of all TTLs that count */
    bool has_ttl;
} reading;

static void note_ttl(reading *r, uint32_t ttl)
{
    if (!r->has_ttl || ttl < r->lowest)
        r->lowest = ttl;
    r->has_ttl = true;
}

static void keep_value(reading *r, const dns_record *record)
{
    dns_answer *answer = r->answer;

    if (answer->count == DNS_RECORDS_MAX)
        return;
    if (answer->count == r->room) {
        dns_value *more = base_arena_take(r->arena, (r->room += FEW + r->room) * sizeof *more);

        if (answer->count > 0)
            memcpy(more, r->values, answer->count * sizeof *more);
        answer->values = r->values = more;
    }
    r->values[answer->count++] =
        (dns_value){record->ttl, {base_arena_copy(r->arena, record->data, record->length), record->length}};
    note_ttl(r, record->ttl);
}

static bool keep_alias(reading *r, const dns_message *message, const dns_record *record)
{
    dns_answer *answer = r->answer;
    char to[DNS_TEXT_MAX];
    size_t at = record->at;

    if (answer->alias_count == DNS_ALIASES_MAX || !dns_name(message->bytes, message->length, &at, to) ||
        at != record->at + record->length)
        return false;
    if (r->aliases == NULL)
        answer->aliases = r->aliases = base_arena_take(r->arena, DNS_ALIASES_MAX * sizeof *r->aliases);
    r->aliases[answer->alias_count] = (facts_alias){r->owner, base_arena_string(r->arena, to), record->ttl};
    r->owner = r->aliases[answer->alias_count++].to;
    note_ttl(r, record->ttl);
    return true;
}

/* RFC 2308 3: "The TTL of this record is set from the minimum of the MINIMUM field of the SOA record and the TTL of the
   SOA itself". */
static void note_negative(reading *r, const dns_record *record)
{
    uint32_t minimum;

    if (record->length < SOA_TAIL + 2)
        return;
    minimum = dns_u32(record->data + record->length - 4);
    note_ttl(r, minimum < record->ttl ? minimum : record->ttl);
}

/* One walk over the message: where the aliases lead from the owner so far, or the records there. False if it is
 * malformed. */
static bool walk(reading *r, dns_message message, bool *moved)
{
    dns_record record;
    bool malformed = false;

    while (dns_message_next(&message, &record, &malformed)) {
        bool ours = record.class == DNS_CLASS_IN && strcmp(record.owner, r->owner) == 0;

        if (record.section == DNS_ANSWER && ours && record.type == (unsigned)r->type) {
            keep_value(r, &record);
        } else if (record.section == DNS_ANSWER && ours && record.type == DNS_CNAME && r->answer->count == 0) {
            if (!keep_alias(r, &message, &record))
                return false;
            *moved = true;
        } else if (record.section == DNS_AUTHORITY && record.type == DNS_SOA && r->answer->count == 0) {
            note_negative(r, &record);
        }
    }
    return !malformed;
}

static facts_dns_status status_of(unsigned rcode)
{
    switch (rcode) {
    case 0:
        return FACTS_DNS_NO_DATA;
    case DNS_RCODE_NAME_ERROR:
        return FACTS_DNS_NAME_UNKNOWN;
    case DNS_RCODE_REFUSED:
        return FACTS_DNS_REFUSED;
    default:
        return FACTS_DNS_SERVER_FAILURE;
    }
}

void dns_answer_read(const unsigned char *bytes, size_t length, dns_type type, base_arena *arena, dns_answer *answer)
{
    dns_message message;
    reading r = {.type = type, .arena = arena, .answer = answer};
    bool moved = true;

    *answer = (dns_answer){.status = FACTS_DNS_MALFORMED};
    if (!dns_message_open(bytes, length, &message) || message.type != (unsigned)type)
        return;
    r.owner = base_arena_string(arena, message.name);
    /* Aliases may stand in any order: walk again as long as the last walk found one, which is no more often than there
     * may be. */
    while (moved && answer->count == 0) {
        moved = false;
        if (!walk(&r, message, &moved)) {
            *answer = (dns_answer){.status = FACTS_DNS_MALFORMED};
            return;
        }
    }
    answer->status = status_of(DNS_RCODE(message.flags));
    if (answer->status == FACTS_DNS_NO_DATA && answer->count > 0)
        answer->status = FACTS_DNS_ANSWERED;
    answer->ttl = r.has_ttl ? r.lowest : 0;
}

bool dns_address(hf_span data, int port, io_address *address)
{
    return io_address_from_octets(data.data, data.length, port, address);
}

/* -- CAA ----------------------------------------------------------------------------------------------------------- */

bool dns_caa_read(hf_span data, facts_caa_record *record)
{
    size_t tag = data.length >= 3 ? (unsigned char)data.data[1] : 0;

    *record = (facts_caa_record){.raw = data, .malformed = tag == 0 || tag > data.length - 2};
    if (record->malformed)
        return false;
    record->flags = (unsigned char)data.data[0];
    record->tag = (hf_span){data.data + 2, tag};
    record->value = (hf_span){data.data + 2 + tag, data.length - 2 - tag};
    return true;
}

/* -- All records of an answer -------------------------------------------------------------------------------------- */

void dns_addresses_of(const dns_answer *answer, base_arena *arena, facts_addresses *addresses)
{
    facts_address *list = base_arena_take(arena, answer->count * sizeof *list);
    char text[IO_ADDRESS_TEXT];
    io_address address;

    *addresses = (facts_addresses){answer->status, list, 0};
    for (size_t i = 0; i < answer->count; i++) {
        if (!dns_address(answer->values[i].data, 0, &address)) {
            addresses->status = FACTS_DNS_MALFORMED;
            continue;
        }
        io_address_format(&address, text);
        list[addresses->count++] = (facts_address){base_arena_string(arena, text), answer->values[i].ttl};
    }
}

void dns_caa_of(const dns_answer *answer, base_arena *arena, facts_caa *caa)
{
    facts_caa_record *records = base_arena_take(arena, answer->count * sizeof *records);

    for (size_t i = 0; i < answer->count; i++) {
        dns_caa_read(answer->values[i].data, &records[i]);
        records[i].ttl = answer->values[i].ttl;
    }
    caa->status = answer->status;
    caa->records = records;
    caa->count = answer->count;
}

void dns_https_of(const dns_answer *answer, base_arena *arena, facts_https *https)
{
    facts_https_record *records = base_arena_take(arena, answer->count * sizeof *records);

    for (size_t i = 0; i < answer->count; i++) {
        dns_svcb_read(answer->values[i].data, arena, &records[i]);
        records[i].ttl = answer->values[i].ttl;
    }
    https->status = answer->status;
    https->records = records;
    https->count = answer->count;
}
