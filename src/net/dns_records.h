/*
 * net/dns_records.h: what the answer to one question of the DNS says: the aliases on the way, and the records at their end; and the
 * inside of addresses, CAA (RFC 8659 4.1) and HTTPS records (RFC 9460 2.2). Pure: octets in, structs out; every octet may be hostile.
 */
#ifndef NET_DNS_RECORDS_H
#define NET_DNS_RECORDS_H

#include "net/address.h"
#include "net/dns_message.h"

#include "base/memory.h"
#include "holdfast/status.h"

#define NET_DNS_ALIASES_MAX 16  /* CNAMEs in a row: a longer chain is no answer */
#define NET_DNS_RECORDS_MAX 256 /* records of one answer that are looked at */

/* symbol, name: what became of a question. The names are stable. */
#define NET_DNS_STATUS_MAP(X)                                                                                          \
    X(ANSWERED, "answered")             /* there are records */                                                        \
    X(NO_DATA, "no-data")               /* the name exists, and has none of this type */                               \
    X(NAME_UNKNOWN, "name-unknown")     /* the name, or the one that its alias leads to, does not exist: NXDOMAIN */   \
    X(SERVER_FAILURE, "server-failure") /* SERVFAIL, and any other code of failure */                                  \
    X(REFUSED, "refused")               /* REFUSED: the server does not want to answer */                              \
    X(TIMEOUT, "timeout")               /* no answer in time */                                                        \
    X(UNREACHABLE, "unreachable")       /* no server could be asked */                                                 \
    X(MALFORMED, "malformed")           /* the answer cannot be read, or the name cannot be asked for */

typedef enum net_dns_status {
#define NET_X(symbol, name) NET_DNS_STATUS_##symbol,
    NET_DNS_STATUS_MAP(NET_X)
#undef NET_X
} net_dns_status;

const char *net_dns_status_name(net_dns_status status);

typedef struct net_dns_alias {
    const char *from, *to;
    uint32_t ttl;
} net_dns_alias;

typedef struct net_dns_value {
    uint32_t ttl;
    hf_span data;
} net_dns_value;

typedef struct net_dns_answer {
    net_dns_status status;
    const net_dns_alias *aliases; /* from the name that was asked for on, in their order */
    size_t alias_count;
    const net_dns_value *values; /* of the type that was asked for, as they came */
    size_t count;
    uint32_t ttl; /* seconds for which all this may be remembered; 0: not at all */
} net_dns_answer;

/* Reads the answer to a question for `type`. Strings and data are copied into `arena`. */
void net_dns_answer_read(const unsigned char *bytes, size_t length, net_dns_type type, base_arena *arena,
                         net_dns_answer *answer);

/* An A record (4 octets) or an AAAA record (16). */
bool net_dns_address(hf_span data, int port, net_address *address);

/* -- CAA ---------------------------------------------------------------------------------------------------------------------- */

typedef struct net_caa {
    unsigned flags;
    hf_span tag, value; /* as they came */
} net_caa;

/* RFC 8659 4.1: flags, the length of the tag, the tag of 1 or more octets, the value. False if the tag does not fit. */
bool net_caa_read(hf_span data, net_caa *caa);

/* -- HTTPS -------------------------------------------------------------------------------------------------------------------- */

/* RFC 9460 14.3.2, and what was registered since. */
typedef enum net_svcb_key {
    NET_SVCB_MANDATORY,
    NET_SVCB_ALPN,
    NET_SVCB_NO_DEFAULT_ALPN,
    NET_SVCB_PORT,
    NET_SVCB_IPV4HINT,
    NET_SVCB_ECH,
    NET_SVCB_IPV6HINT,
    NET_SVCB_KNOWN, /* the first that is not decoded here */
} net_svcb_key;

/* A parameter as it came. */
typedef struct net_svcb_param {
    unsigned key;
    hf_span value;
} net_svcb_param;

typedef struct net_svcb {
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
    const net_svcb_param *unknown; /* of keys that are not decoded here */
    size_t unknown_count;
} net_svcb;

/*
 * Reads the data of an HTTPS record. NULL if it is well-formed; else what is wrong with it, in words, and *svcb holds what was read
 * before. RFC 9460 2.2: "If any RRs are malformed, the client MUST reject the entire RRSet". All lies in `arena`.
 */
const char *net_svcb_read(hf_span data, base_arena *arena, net_svcb *svcb);

#endif
