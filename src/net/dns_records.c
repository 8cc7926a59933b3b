#include "net/dns_records.h"

#include <string.h>

#define SOA_TAIL 20 /* octets behind the two names of a SOA record; the last four are MINIMUM */
#define FEW 4       /* records that most answers do not exceed */

static const char *const status_names[] = {
#define NET_X(symbol, name) name,
    NET_DNS_STATUS_MAP(NET_X)
#undef NET_X
};

const char *net_dns_status_name(net_dns_status status)
{
    return status_names[status];
}

/* -- The answer to a question ------------------------------------------------------------------------------------------------- */

typedef struct reading {
    net_dns_type type;
    base_arena *arena;
    net_dns_answer *answer;
    net_dns_alias *aliases;
    net_dns_value *values;
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

static void keep_value(reading *r, const net_dns_record *record)
{
    net_dns_answer *answer = r->answer;

    if (answer->count == NET_DNS_RECORDS_MAX)
        return;
    if (answer->count == r->room) {
        net_dns_value *more = base_arena_take(r->arena, (r->room += FEW + r->room) * sizeof *more);

        if (answer->count > 0)
            memcpy(more, r->values, answer->count * sizeof *more);
        answer->values = r->values = more;
    }
    r->values[answer->count++] =
        (net_dns_value){record->ttl, {base_arena_copy(r->arena, record->data, record->length), record->length}};
    note_ttl(r, record->ttl);
}

static bool keep_alias(reading *r, const net_dns_message *message, const net_dns_record *record)
{
    net_dns_answer *answer = r->answer;
    char to[NET_DNS_TEXT_MAX];
    size_t at = record->at;

    if (answer->alias_count == NET_DNS_ALIASES_MAX || !net_dns_name(message->bytes, message->length, &at, to) ||
        at != record->at + record->length)
        return false;
    if (r->aliases == NULL)
        answer->aliases = r->aliases = base_arena_take(r->arena, NET_DNS_ALIASES_MAX * sizeof *r->aliases);
    r->aliases[answer->alias_count] = (net_dns_alias){r->owner, base_arena_string(r->arena, to), record->ttl};
    r->owner = r->aliases[answer->alias_count++].to;
    note_ttl(r, record->ttl);
    return true;
}

/* RFC 2308 3: "The TTL of this record is set from the minimum of the MINIMUM field of the SOA record and the TTL of the SOA
   itself". */
static void note_negative(reading *r, const net_dns_record *record)
{
    uint32_t minimum;

    if (record->length < SOA_TAIL + 2)
        return;
    minimum = net_dns_u32(record->data + record->length - 4);
    note_ttl(r, minimum < record->ttl ? minimum : record->ttl);
}

/* One walk over the message: where the aliases lead from the owner so far, or the records there. False if it is malformed. */
static bool walk(reading *r, net_dns_message message, bool *moved)
{
    net_dns_record record;
    bool malformed = false;

    while (net_dns_message_next(&message, &record, &malformed)) {
        bool ours = record.class == NET_DNS_CLASS_IN && strcmp(record.owner, r->owner) == 0;

        if (record.section == NET_DNS_ANSWER && ours && record.type == (unsigned)r->type) {
            keep_value(r, &record);
        } else if (record.section == NET_DNS_ANSWER && ours && record.type == NET_DNS_CNAME && r->answer->count == 0) {
            if (!keep_alias(r, &message, &record))
                return false;
            *moved = true;
        } else if (record.section == NET_DNS_AUTHORITY && record.type == NET_DNS_SOA && r->answer->count == 0) {
            note_negative(r, &record);
        }
    }
    return !malformed;
}

static net_dns_status status_of(unsigned rcode)
{
    switch (rcode) {
    case 0:
        return NET_DNS_STATUS_NO_DATA;
    case NET_DNS_RCODE_NAME_ERROR:
        return NET_DNS_STATUS_NAME_UNKNOWN;
    case NET_DNS_RCODE_REFUSED:
        return NET_DNS_STATUS_REFUSED;
    default:
        return NET_DNS_STATUS_SERVER_FAILURE;
    }
}

void net_dns_answer_read(const unsigned char *bytes, size_t length, net_dns_type type, base_arena *arena,
                         net_dns_answer *answer)
{
    net_dns_message message;
    reading r = {.type = type, .arena = arena, .answer = answer};
    bool moved = true;

    *answer = (net_dns_answer){.status = NET_DNS_STATUS_MALFORMED};
    if (!net_dns_message_open(bytes, length, &message) || message.type != (unsigned)type)
        return;
    r.owner = base_arena_string(arena, message.name);
    /* Aliases may stand in any order: walk again as long as the last walk found one, which is no more often than there may be. */
    while (moved && answer->count == 0) {
        moved = false;
        if (!walk(&r, message, &moved)) {
            *answer = (net_dns_answer){.status = NET_DNS_STATUS_MALFORMED};
            return;
        }
    }
    answer->status = status_of(NET_DNS_RCODE(message.flags));
    if (answer->status == NET_DNS_STATUS_NO_DATA && answer->count > 0)
        answer->status = NET_DNS_STATUS_ANSWERED;
    answer->ttl = r.has_ttl ? r.lowest : 0;
}

bool net_dns_address(hf_span data, int port, net_address *address)
{
    return net_address_from_octets(data.data, data.length, port, address);
}

/* -- CAA ---------------------------------------------------------------------------------------------------------------------- */

bool net_caa_read(hf_span data, net_caa *caa)
{
    size_t tag;

    if (data.length < 3)
        return false;
    tag = (unsigned char)data.data[1];
    if (tag == 0 || tag > data.length - 2)
        return false;
    *caa = (net_caa){(unsigned char)data.data[0], {data.data + 2, tag}, {data.data + 2 + tag, data.length - 2 - tag}};
    return true;
}
