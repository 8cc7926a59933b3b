/*
 * dns/records.h: what the answer to one question of the DNS says: the aliases on the way, and the records at their end; and the
 * inside of addresses, CAA (RFC 8659 4.1) and HTTPS records (RFC 9460 2.2). Pure: octets in, structs out; every octet may be hostile.
 */
#ifndef DNS_RECORDS_H
#define DNS_RECORDS_H

#include "dns/message.h"
#include "io/address.h"

#include "base/memory.h"
#include "holdfast/status.h"

#define DNS_ALIASES_MAX 16  /* CNAMEs in a row: a longer chain is no answer */
#define DNS_RECORDS_MAX 256 /* records of one answer that are looked at */

/* symbol, name: what became of a question. The names are stable. */
#define DNS_STATUS_MAP(X)                                                                                              \
    X(ANSWERED, "answered")             /* there are records */                                                        \
    X(NO_DATA, "no-data")               /* the name exists, and has none of this type */                               \
    X(NAME_UNKNOWN, "name-unknown")     /* the name, or the one that its alias leads to, does not exist: NXDOMAIN */   \
    X(SERVER_FAILURE, "server-failure") /* SERVFAIL, and any other code of failure */                                  \
    X(REFUSED, "refused")               /* REFUSED: the server does not want to answer */                              \
    X(TIMEOUT, "timeout")               /* no answer in time */                                                        \
    X(UNREACHABLE, "unreachable")       /* no server could be asked */                                                 \
    X(MALFORMED, "malformed")           /* the answer cannot be read, or the name cannot be asked for */

typedef enum dns_status {
#define DNS_X(symbol, name) DNS_STATUS_##symbol,
    DNS_STATUS_MAP(DNS_X)
#undef DNS_X
} dns_status;

const char *dns_status_name(dns_status status);

typedef struct dns_alias {
    const char *from, *to;
    uint32_t ttl;
} dns_alias;

typedef struct dns_value {
    uint32_t ttl;
    hf_span data;
} dns_value;

typedef struct dns_answer {
    dns_status status;
    const dns_alias *aliases; /* from the name that was asked for on, in their order */
    size_t alias_count;
    const dns_value *values; /* of the type that was asked for, as they came */
    size_t count;
    uint32_t ttl; /* seconds for which all this may be remembered; 0: not at all */
} dns_answer;

/* Reads the answer to a question for `type`. Strings and data are copied into `arena`. */
void dns_answer_read(const unsigned char *bytes, size_t length, dns_type type, base_arena *arena, dns_answer *answer);

/* An A record (4 octets) or an AAAA record (16). */
bool dns_address(hf_span data, int port, io_address *address);

/* -- CAA ---------------------------------------------------------------------------------------------------------------------- */

typedef struct dns_caa {
    unsigned flags;
    hf_span tag, value; /* as they came */
} dns_caa;

/* RFC 8659 4.1: flags, the length of the tag, the tag of 1 or more octets, the value. False if the tag does not fit. */
bool dns_caa_read(hf_span data, dns_caa *caa);

/* -- HTTPS -------------------------------------------------------------------------------------------------------------------- */

/* RFC 9460 14.3.2, and what was registered since. */
typedef enum dns_svcb_key {
    DNS_SVCB_MANDATORY,
    DNS_SVCB_ALPN,
    DNS_SVCB_NO_DEFAULT_ALPN,
    DNS_SVCB_PORT,
    DNS_SVCB_IPV4HINT,
    DNS_SVCB_ECH,
    DNS_SVCB_IPV6HINT,
    DNS_SVCB_KNOWN, /* the first that is not decoded here */
} dns_svcb_key;

/* A parameter as it came. */
typedef struct dns_svcb_param {
    unsigned key;
    hf_span value;
} dns_svcb_param;

typedef struct dns_svcb {
    unsigned priority;  /* 0: an alias; RFC 9460 2.4.2: its parameters mean nothing */
    const char *target; /* "." stands for the owner's name */
    const hf_span *alpn;
    size_t alpn_count;
    bool no_default_alpn;
    int port; /* -1: none is given */
    const char *const *ipv4hint, *const *ipv6hint;
    size_t ipv4hint_count, ipv6hint_count;
    hf_span ech; /* .data is NULL: none */
    const unsigned *mandatory;
    size_t mandatory_count;
    const dns_svcb_param *unknown; /* of keys that are not decoded here */
    size_t unknown_count;
} dns_svcb;

/*
 * Reads the data of an HTTPS record. NULL if it is well-formed; else what is wrong with it, in words, and *svcb holds what was read
 * before. RFC 9460 2.2: "If any RRs are malformed, the client MUST reject the entire RRSet". All lies in `arena`.
 */
const char *dns_svcb_read(hf_span data, base_arena *arena, dns_svcb *svcb);

#endif
