#include "serve/zone.h"

#include "dns/wire.h"
#include "serve/zone_line.h"

#include "base/domain.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

#define TTL 60
#define HEADER 12
#define POINTER_TO_QUESTION 0xc00c
#define DATAGRAM 512       /* octets of a datagram, RFC 1035 4.2.1, */
#define DATAGRAM_MAX 1232  /* unless who asks can take more (RFC 6891 6.2.3), and then so many */
#define ALIASES_MAX 8      /* followed */
#define OPCODE_MASK 0x7800 /* of the flags; 0: a query */

typedef struct row row;
struct row {
    row *next;
    const char *owner;
    serve_zone_line line;
};

struct serve_zone {
    base_arena arena;
    const char *apex;
    row *first, **last;
};

serve_zone *serve_zone_new(const char *apex)
{
    serve_zone *zone = base_allocate(sizeof *zone);

    zone->apex = base_arena_string(&zone->arena, apex);
    zone->last = &zone->first;
    return zone;
}

void serve_zone_free(serve_zone *zone)
{
    if (zone == NULL)
        return;
    base_arena_done(&zone->arena);
    free(zone);
}

bool serve_zone_add(serve_zone *zone, const char *owner, const char *line, base_error *error)
{
    row *r = base_arena_take(&zone->arena, sizeof *r);

    if (!serve_zone_line_read(line, &r->line, error))
        return false;
    r->owner = base_arena_string(&zone->arena, owner);
    *zone->last = r;
    zone->last = &r->next;
    return true;
}

/* -- What there is ------------------------------------------------------------------------------------------------- */

/* A name exists if it has a row, or one below it has (RFC 8020). */
static bool exists(const serve_zone *zone, const char *name)
{
    if (strcmp(name, zone->apex) == 0)
        return true;
    for (const row *r = zone->first; r != NULL; r = r->next)
        if (base_domain_is_within(r->owner, name))
            return true;
    return false;
}

static serve_zone_fault fault_of(const serve_zone *zone, const char *name, unsigned type)
{
    for (const row *r = zone->first; r != NULL; r = r->next)
        if (r->line.fault != SERVE_ZONE_SOUND && (r->line.type == 0 || r->line.type == type) &&
            strcmp(r->owner, name) == 0)
            return r->line.fault;
    return SERVE_ZONE_SOUND;
}

static const row *find_alias(const serve_zone *zone, const char *name)
{
    for (const row *r = zone->first; r != NULL; r = r->next)
        if (r->line.fault == SERVE_ZONE_SOUND && r->line.type == DNS_CNAME && strcmp(r->owner, name) == 0)
            return r;
    return NULL;
}

/* -- The reply ----------------------------------------------------------------------------------------------------- */

typedef struct replying {
    const serve_zone *zone;
    const dns_message *query;
    dns_wire wire;
    unsigned flags, counts[DNS_SECTIONS];
    size_t limit;
    bool extended; /* the query has an OPT record: so must the reply (RFC 6891 6.1.1) */
} replying;

static void put_record(replying *r, const char *owner, unsigned type, const void *data, size_t length)
{
    if (strcmp(owner, r->query->name) == 0)
        dns_put_u16(&r->wire, POINTER_TO_QUESTION);
    else
        dns_put_name(&r->wire, owner);
    dns_put_u16(&r->wire, type);
    dns_put_u16(&r->wire, DNS_CLASS_IN);
    dns_put_u32(&r->wire, TTL);
    dns_put_u16(&r->wire, (unsigned)length);
    dns_put(&r->wire, data, length);
}

/* RFC 2308 3: "Name servers authoritative for a zone MUST include the SOA record of the zone in the authority section
   of the response when reporting an NXDOMAIN or indicating that no data of the requested type exists." */
static void put_soa(replying *r)
{
    unsigned char data[300];
    dns_wire soa = {.bytes = data, .room = sizeof data};

    dns_put_name(&soa, r->zone->apex);
    dns_put_name(&soa, r->zone->apex);
    for (size_t i = 0; i < 4; i++)
        dns_put_u32(&soa, 1);
    dns_put_u32(&soa, TTL);
    put_record(r, r->zone->apex, DNS_SOA, data, soa.length);
    r->counts[DNS_AUTHORITY]++;
}

static size_t put_rows(replying *r, const char *owner, unsigned type)
{
    size_t count = 0;

    for (const row *at = r->zone->first; at != NULL; at = at->next)
        if (at->line.fault == SERVE_ZONE_SOUND && at->line.type == type && strcmp(at->owner, owner) == 0) {
            put_record(r, owner, type, at->line.data, at->line.length);
            count++;
        }
    r->counts[DNS_ANSWER] += (unsigned)count;
    return count;
}

static void put_answer(replying *r)
{
    char name[DNS_TEXT_MAX];
    const row *alias = NULL;

    memcpy(name, r->query->name, sizeof name);
    for (size_t i = 0; i < ALIASES_MAX && r->query->type != DNS_CNAME; i++) {
        size_t at = 0;

        alias = find_alias(r->zone, name);
        if (alias == NULL)
            break;
        put_record(r, alias->owner, DNS_CNAME, alias->line.data, alias->line.length);
        r->counts[DNS_ANSWER]++;
        dns_name(alias->line.data, alias->line.length, &at, name);
    }
    /* What an alias leads to outside the zone is another server's to say. */
    if (!base_domain_is_within(name, r->zone->apex) || put_rows(r, name, r->query->type) > 0)
        return;
    if (!exists(r->zone, name))
        r->flags |= DNS_RCODE_NAME_ERROR;
    put_soa(r);
}

static void put_head(replying *r)
{
    r->wire.length = 0;
    dns_put_u16(&r->wire, r->query->id);
    dns_put_u16(&r->wire, r->flags);
    dns_put_u16(&r->wire, 1);
    for (size_t i = 0; i < DNS_SECTIONS; i++)
        dns_put_u16(&r->wire, r->counts[i]);
}

/* The question as it came: who asks may compare letter by letter. */
static void put_question(replying *r)
{
    memset(r->counts, 0, sizeof r->counts);
    put_head(r);
    dns_put(&r->wire, r->query->bytes + HEADER, r->query->question_end - HEADER);
}

static void put_opt(replying *r)
{
    dns_put_u8(&r->wire, 0);
    dns_put_u16(&r->wire, DNS_OPT);
    dns_put_u16(&r->wire, DATAGRAM_MAX);
    dns_put_u32(&r->wire, 0);
    dns_put_u16(&r->wire, 0);
    r->counts[DNS_ADDITIONAL]++;
}

/* Heads, too, the counts, once they are known. */
static size_t finish(replying *r)
{
    size_t length;

    if (r->extended)
        put_opt(r);
    length = r->wire.length;
    put_head(r);
    return r->wire.failed ? 0 : length;
}

/* RFC 2181 9: who sees TC "should ignore that response, and query again, using a mechanism, such as a TCP
   connection". */
static size_t truncate_reply(replying *r)
{
    r->flags |= DNS_FLAG_TRUNCATED;
    r->wire.failed = false;
    put_question(r);
    return finish(r);
}

static void read_opt(replying *r, dns_message query, bool datagram)
{
    dns_record record;
    bool malformed = false;

    r->limit = datagram ? DATAGRAM : SERVE_ZONE_REPLY_MAX;
    while (dns_message_next(&query, &record, &malformed))
        if (record.section == DNS_ADDITIONAL && record.type == DNS_OPT) {
            r->extended = true;
            if (datagram && record.class > r->limit)
                r->limit = record.class < DATAGRAM_MAX ? record.class : DATAGRAM_MAX;
        }
}

static unsigned refusal_of(const serve_zone *zone, const dns_message *query, serve_zone_fault fault)
{
    if ((query->flags & OPCODE_MASK) != 0)
        return DNS_RCODE_NOT_IMPLEMENTED;
    if (fault == SERVE_ZONE_SERVFAIL)
        return DNS_RCODE_SERVER_FAILURE;
    if (fault == SERVE_ZONE_REFUSED || query->class != DNS_CLASS_IN || !base_domain_is_within(query->name, zone->apex))
        return DNS_RCODE_REFUSED;
    return 0;
}

/* A question is copied into the reply, so a pointer in its name would lead into another header. No client sends one. */
static bool is_spelt_out(const dns_message *query)
{
    size_t at = HEADER;

    while (query->bytes[at] != 0) {
        if (query->bytes[at] > 63)
            return false;
        at += 1 + (size_t)query->bytes[at];
    }
    return true;
}

size_t serve_zone_reply(const serve_zone *zone, const unsigned char *query, size_t length, bool datagram,
                        unsigned char reply[static SERVE_ZONE_REPLY_MAX])
{
    dns_message message;
    replying r = {zone, &message, {.bytes = reply, .room = SERVE_ZONE_REPLY_MAX}, 0, {0}, 0, false};
    serve_zone_fault fault;
    unsigned refusal;

    if (!dns_message_open(query, length, &message) || !is_spelt_out(&message) ||
        (message.flags & DNS_FLAG_RESPONSE) != 0)
        return 0;
    fault = fault_of(zone, message.name, message.type);
    if (fault == SERVE_ZONE_SILENT)
        return 0;
    read_opt(&r, message, datagram);
    refusal = refusal_of(zone, &message, fault);
    r.flags = DNS_FLAG_RESPONSE | (message.flags & (OPCODE_MASK | DNS_FLAG_RECURSION_DESIRED)) | refusal;
    put_question(&r);
    if (refusal == 0) {
        r.flags |= DNS_FLAG_AUTHORITATIVE;
        put_answer(&r);
    }
    if (r.wire.failed || r.wire.length > r.limit - 11 || (fault == SERVE_ZONE_TRUNCATED && datagram))
        return truncate_reply(&r);
    return finish(&r);
}
