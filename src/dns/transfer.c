#include "dns/transfer.h"

#include "dns/wire.h"

#include "base/domain.h"

#include <string.h>

#define OPCODE(flags) ((flags) >> 11 & 15)
#define RCODE_NOT_AUTHORITATIVE 9 /* RFC 2136 2.2, RFC 5936 2.2.1 */

void dns_transfer_begin(dns_transfer *transfer, const char *zone, unsigned id)
{
    memset(transfer, 0, sizeof *transfer);
    strncpy(transfer->zone, zone, sizeof transfer->zone - 1);
    transfer->id = id & 0xffff;
}

size_t dns_transfer_query(const dns_transfer *transfer, unsigned char query[static DNS_TRANSFER_QUERY_MAX])
{
    dns_wire wire = {.bytes = query, .room = DNS_TRANSFER_QUERY_MAX};

    dns_put_u16(&wire, transfer->id);
    dns_put_u16(&wire, 0);
    dns_put_u16(&wire, 1);
    dns_put_u16(&wire, 0);
    dns_put_u32(&wire, 0);
    dns_put_name(&wire, transfer->zone);
    dns_put_u16(&wire, DNS_AXFR);
    dns_put_u16(&wire, DNS_CLASS_IN);
    return wire.failed ? 0 : wire.length;
}

static bool refuse(dns_transfer *transfer, unsigned code, base_error *error)
{
    transfer->code = code;
    if (code == DNS_RCODE_REFUSED)
        base_error_set(error, "the server refuses to transfer %s", transfer->zone);
    else if (code == RCODE_NOT_AUTHORITATIVE)
        base_error_set(error, "the server is not authoritative for %s, or does not let this machine ask",
                       transfer->zone);
    else
        base_error_set(error, "the server answers with the error code %u", code);
    return false;
}

static bool is_for_us(const dns_transfer *transfer, const dns_message *message)
{
    bool asked = !message->has_question || (message->type == DNS_AXFR && strcmp(message->name, transfer->zone) == 0);

    return message->id == transfer->id && (message->flags & DNS_FLAG_RESPONSE) != 0 && OPCODE(message->flags) == 0 &&
           asked;
}

/* The zone's SOA comes first and last. */
static bool take(dns_transfer *transfer, const dns_record *got, dns_master_record *record, void *self,
                 base_error *error)
{
    bool soa = got->type == DNS_SOA && strcmp(got->owner, transfer->zone) == 0;

    if (!transfer->begun && !soa) {
        base_error_set(error, "the answer does not begin with the SOA record of %s", transfer->zone);
        return false;
    }
    transfer->over = transfer->begun && soa;
    transfer->begun = true;
    transfer->records++;
    if (!transfer->over && got->class == DNS_CLASS_IN && base_domain_is_within(got->owner, transfer->zone))
        record(self, got->owner, got->type);
    return true;
}

bool dns_transfer_read(dns_transfer *transfer, const unsigned char *bytes, size_t length, dns_master_record *record,
                       void *self, base_error *error)
{
    dns_message message;
    dns_record got;
    bool malformed = false;

    if (!dns_message_open_any(bytes, length, &message) || !is_for_us(transfer, &message)) {
        base_error_set(error, "the answer is not one to this question");
        return false;
    }
    if (DNS_RCODE(message.flags) != 0)
        return refuse(transfer, DNS_RCODE(message.flags), error);
    while (!transfer->over && dns_message_next(&message, &got, &malformed))
        if (got.section == DNS_ANSWER && !take(transfer, &got, record, self, error))
            return false;
    if (!transfer->begun && !malformed) {
        base_error_set(error, "the answer has no records");
        return false;
    }
    if (malformed)
        base_error_set(error, "the answer is malformed");
    return !malformed;
}
