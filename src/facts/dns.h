/*
 * facts/dns.h: what the DNS says of the host names of a site: addresses, aliases, CAA, HTTPS records; and of each
 * question what became of it. Strings as in facts/exchange.h.
 */
#ifndef FACTS_DNS_H
#define FACTS_DNS_H

#include "base/json.h"
#include "holdfast/host.h"

/* symbol, name: what became of a question. The names of this page's tables are stable. */
#define FACTS_DNS_MAP(X)                                                                                               \
    X(NOT_ASKED, "not-asked")                                                                                          \
    X(ANSWERED, "answered")             /* there are records */                                                        \
    X(NO_DATA, "no-data")               /* the name exists, and has none of this type */                               \
    X(NAME_UNKNOWN, "name-unknown")     /* the name, or the one that its alias leads to, does not exist: NXDOMAIN */   \
    X(SERVER_FAILURE, "server-failure") /* SERVFAIL, and every other code of failure but REFUSED */                    \
    X(REFUSED, "refused")               /* REFUSED: the server does not want to answer */                              \
    X(TIMEOUT, "timeout")               /* no answer in time */                                                        \
    X(UNREACHABLE, "unreachable")       /* no server could be asked */                                                 \
    X(HOST_BUDGET, "host-budget")       /* an answer came, and as much is kept of the host as may be */                \
    X(MALFORMED, "malformed")           /* the answer cannot be read, or the name cannot be asked for */

typedef enum facts_dns_status {
#define FACTS_X(symbol, name) FACTS_DNS_##symbol,
    FACTS_DNS_MAP(FACTS_X)
#undef FACTS_X
} facts_dns_status;

const char *facts_dns_status_name(facts_dns_status status);

typedef struct facts_alias {
    const char *from, *to;
    uint32_t ttl;
} facts_alias;

typedef struct facts_address {
    const char *text;
    uint32_t ttl;
} facts_address;

/* The addresses of one family. */
typedef struct facts_addresses {
    facts_dns_status status;
    const facts_address *list;
    size_t count;
} facts_addresses;

/* One property of a CAA record set (RFC 8659). */
typedef struct facts_caa_record {
    unsigned flags;
    hf_span tag, value, raw; /* raw: the record's data */
    uint32_t ttl;
    bool malformed; /* nothing but `raw` could be read */
} facts_caa_record;

#define FACTS_CAA_CRITICAL 128 /* RFC 8659 4.1 */

/* The relevant set: that of the name, or of the closest name above it that has one (RFC 8659 3). */
typedef struct facts_caa {
    facts_dns_status status;
    const char *at; /* the name that has it, or whose question failed; NULL: neither */
    const facts_caa_record *records;
    size_t count;
} facts_caa;

/* symbol, name: the keys of parameters that Holdfast reads, by their numbers (RFC 9460 14.3.2). */
#define FACTS_HTTPS_KEY_MAP(X)                                                                                         \
    X(MANDATORY, "mandatory")                                                                                          \
    X(ALPN, "alpn")                                                                                                    \
    X(NO_DEFAULT_ALPN, "no-default-alpn")                                                                              \
    X(PORT, "port")                                                                                                    \
    X(IPV4HINT, "ipv4hint")                                                                                            \
    X(ECH, "ech")                                                                                                      \
    X(IPV6HINT, "ipv6hint")

typedef enum facts_https_key {
#define FACTS_X(symbol, name) FACTS_HTTPS_##symbol,
    FACTS_HTTPS_KEY_MAP(FACTS_X)
#undef FACTS_X
        FACTS_HTTPS_KEYS
} facts_https_key;

const char *facts_https_key_name(unsigned key); /* NULL from FACTS_HTTPS_KEYS on */

/* A parameter as it came, of a key that Holdfast does not read. */
typedef struct facts_https_param {
    unsigned key;
    hf_span value;
} facts_https_param;

/* One HTTPS record (RFC 9460). */
typedef struct facts_https_record {
    unsigned priority; /* 0: an alias */
    const char *target;
    const hf_span *alpn;
    size_t alpn_count;
    bool no_default_alpn, ech;
    int port; /* -1: none is given */
    const char *const *ipv4hint, *const *ipv6hint;
    size_t ipv4hint_count, ipv6hint_count;
    const unsigned *mandatory;
    size_t mandatory_count;
    const facts_https_param *unknown;
    size_t unknown_count;
    const char *fault; /* why it is malformed; NULL: it is not */
    hf_span raw;
    uint32_t ttl;
} facts_https_record;

typedef struct facts_https {
    facts_dns_status status;
    const char *name; /* the one that was asked for: "_8443._https.a.test" for port 8443 */
    const facts_https_record *records;
    size_t count;
} facts_https;

/* symbol, name: why the DNS was not asked. */
#define FACTS_UNASKED_MAP(X)                                                                                           \
    X(ASKED, NULL)                                                                                                     \
    X(ADDRESS, "address")       /* the host is an IP address */                                                        \
    X(LOCALHOST, "localhost")   /* this machine, by its name (RFC 6761 6.3) */                                         \
    X(HOSTS_FILE, "hosts-file") /* /etc/hosts has it, and is all that this machine asks then */                        \
    X(ROUTE, "route")           /* --connect-to, --resolve */                                                          \
    X(PROXY, "proxy")           /* the proxy resolves it */

typedef enum facts_unasked {
#define FACTS_X(symbol, name) FACTS_UNASKED_##symbol,
    FACTS_UNASKED_MAP(FACTS_X)
#undef FACTS_X
} facts_unasked;

const char *facts_unasked_name(facts_unasked unasked); /* NULL: it was asked */

typedef struct facts_name {
    hf_host host;
    facts_unasked unasked;
    const facts_alias *aliases;
    size_t alias_count;
    facts_addresses a, aaaa;
    facts_caa caa;
    facts_https https;
} facts_name;

#define FACTS_NAMES_MAX 2

/* The host itself, then www. */
typedef struct facts_names {
    facts_name list[FACTS_NAMES_MAX];
    size_t count; /* 0: not looked at */
} facts_names;

/* An array; null if names were not looked at. */
void facts_names_json(const facts_names *names, base_json *json);

#endif
