/*
 * dns/records.h: what the answer to one question of the DNS says: the aliases on the way, and the records at their end;
 * and the inside of addresses, CAA (RFC 8659 4.1) and HTTPS records (RFC 9460 2.2). Pure: octets in, facts out; every
 * octet may be hostile.
 */
#ifndef DNS_RECORDS_H
#define DNS_RECORDS_H

#include "dns/message.h"
#include "facts/dns.h"
#include "io/address.h"

#include "base/memory.h"

#define DNS_ALIASES_MAX 16  /* CNAMEs in a row: a longer chain is no answer */
#define DNS_RECORDS_MAX 256 /* records of one answer that are read */

typedef struct dns_value {
    uint32_t ttl;
    hf_span data;
} dns_value;

typedef struct dns_answer {
    facts_dns_status status;
    const facts_alias *aliases; /* from the name that was asked for on, in their order */
    size_t alias_count;
    const dns_value *values; /* of the type that was asked for, as they came */
    size_t count;
    uint32_t ttl; /* seconds for which all this may be remembered; 0: not at all */
} dns_answer;

/* Reads the answer to a question for `type`. Strings and data are copied into `arena`. */
void dns_answer_read(const unsigned char *bytes, size_t length, dns_type type, base_arena *arena, dns_answer *answer);

/* An A record (4 octets) or an AAAA record (16). */
bool dns_address(hf_span data, int port, io_address *address);

/* -- Into facts ---------------------------------------------------------------------------------------------------- */

/* RFC 8659 4.1: flags, the length of the tag, the tag of 1 or more octets, the value. All but the TTL; false if it is
 * malformed. */
bool dns_caa_read(hf_span data, facts_caa_record *record);

/*
 * Reads the data of an HTTPS record: all but the TTL. NULL if it is well-formed; else what is wrong with it, in words,
 * which is the record's `fault`, and the rest holds what was read before. RFC 9460 2.2: "If any RRs are malformed, the
 * client MUST reject the entire RRSet". All lies in `arena`.
 */
const char *dns_svcb_read(hf_span data, base_arena *arena, facts_https_record *record);

/* All records of an answer, and its status. Spans are shared with the answer, the rest lies in `arena`. */
void dns_addresses_of(const dns_answer *answer, base_arena *arena, facts_addresses *addresses);
void dns_caa_of(const dns_answer *answer, base_arena *arena, facts_caa *caa);
void dns_https_of(const dns_answer *answer, base_arena *arena, facts_https *https);

#endif
