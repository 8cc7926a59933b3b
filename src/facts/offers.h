/*
 * facts/offers.h: which protocols and ciphers a server offers, found by offering it less and less (--tls).
 */
#ifndef FACTS_OFFERS_H
#define FACTS_OFFERS_H

#include "facts/failure.h"
#include "facts/page.h"

/* symbol, name: as OpenSSL writes them. */
#define FACTS_TLS_VERSION_MAP(X)                                                                                       \
    X(SSL_3_0, "SSLv3")                                                                                                \
    X(TLS_1_0, "TLSv1")                                                                                                \
    X(TLS_1_1, "TLSv1.1")                                                                                              \
    X(TLS_1_2, "TLSv1.2")                                                                                              \
    X(TLS_1_3, "TLSv1.3")

typedef enum facts_tls_version {
#define FACTS_X(symbol, name) FACTS_##symbol,
    FACTS_TLS_VERSION_MAP(FACTS_X)
#undef FACTS_X
        FACTS_TLS_VERSIONS
} facts_tls_version;

const char *facts_tls_version_name(facts_tls_version version);

/* symbol, name: whose order of suites decides. */
#define FACTS_ORDER_MAP(X)                                                                                             \
    X(UNKNOWN, NULL) /* there is but one suite */                                                                      \
    X(SERVER, "server")                                                                                                \
    X(CLIENT, "client")

typedef enum facts_order {
#define FACTS_X(symbol, name) FACTS_ORDER_##symbol,
    FACTS_ORDER_MAP(FACTS_X)
#undef FACTS_X
} facts_order;

typedef struct facts_suite {
    int number;        /* of IANA's registry */
    const char *name;  /* there, too */
    const char *group; /* of its key exchange, up to TLS 1.2; NULL: none with a name */
    int dh_bits;       /* of a group of Diffie-Hellman without a name; 0: none */
} facts_suite;

typedef struct facts_protocol {
    const facts_suite *suites; /* in the order in which the server chose them; none: it does not offer this version */
    size_t suite_count;
    facts_order order;
    const char *const *groups; /* in the server's order, as it chose them */
    size_t group_count;
    const char *const *signatures; /* of TLS 1.2 alone: later they are encrypted, before there is no choice */
    size_t signature_count;
    bool deflate;                 /* compression */
    const facts_failure *failure; /* there may be more: the server, or time, ended it; NULL: all was asked */
} facts_protocol;

/* What a browser and the server would agree on: src/browsers forms it. */
typedef struct facts_choice {
    bool known;               /* it is known what the browser offers */
    const facts_suite *suite; /* NULL: they have nothing in common */
    facts_tls_version version;
    const char *group; /* NULL: the suite has none, or the server's are not known */
} facts_choice;

typedef struct facts_offers {
    bool wanted; /* asked for */
    bool looked;
    facts_protocol protocols[FACTS_TLS_VERSIONS];
    /* Up to TLS 1.2, by the ServerHello: RFC 5746, RFC 5077, RFC 7627. */
    bool secure_renegotiation, tickets, session_ids, extended_master_secret;
    facts_choice choices[FACTS_ENGINES]; /* not of FACTS_ENGINE_ANY */
} facts_offers;

/* True if it offers that version. */
bool facts_offers_has(const facts_offers *offers, facts_tls_version version);

/* Null if nobody looked. */
void facts_offers_json(const facts_offers *offers, base_json *json);

#endif
