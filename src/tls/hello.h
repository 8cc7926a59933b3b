/*
 * tls/hello.h: one ClientHello, octet by octet, and what a server answers to it. What OpenSSL was built without, or
 * will not do any more, can be offered all the same: nothing is computed, and no handshake goes further than the
 * server's first words.
 */
#ifndef TLS_HELLO_H
#define TLS_HELLO_H

#include "base/buffer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TLS_SSL3 = 0x0300, TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3 };

#define TLS_HELLO_MAX 8192 /* octets of a ClientHello */
#define TLS_HELLO_NAME_MAX 255
#define TLS_REPLY_MAX 131072 /* octets of an answer that are read: certificates come before the key exchange */

/* A list of numbers as the registries of IANA have them. */
typedef struct tls_codes {
    const uint16_t *items;
    size_t count;
} tls_codes;

typedef struct tls_hello {
    const char *host;   /* for SNI; NULL: none is sent */
    uint16_t version;   /* the legacy version: up to TLS_1_2. SSL 3.0 is sent without extensions */
    tls_codes versions; /* supported_versions; empty: the extension is not sent */
    tls_codes suites, groups, signatures;
    bool deflate;    /* offers compression */
    bool as_browser; /* all that Chromium sends, with its key shares (X25519MLKEM768 and X25519) and its size; else no
                        key share: a server of TLS 1.3 then names the group that it would have */
    bool small;      /* as_browser, but without the share of X25519MLKEM768 and the group: less than 700 octets */
} tls_hello;

/* The record that carries it. */
void tls_hello_write(const tls_hello *hello, base_buffer *out);

/* The name of a server_name extension of a ClientHello (RFC 6066 3), the first of its list. False: there is none. */
bool tls_hello_name(const uint8_t *extension, size_t length, char name[static TLS_HELLO_NAME_MAX + 1]);

typedef enum tls_reply_state {
    TLS_REPLY_MORE,    /* goes on */
    TLS_REPLY_HELLO,   /* the server agrees: see tls_reply */
    TLS_REPLY_ALERT,   /* the server refuses */
    TLS_REPLY_NOT_TLS, /* what came is no TLS */
} tls_reply_state;

typedef struct tls_reply {
    int alert;
    uint16_t version, suite;
    uint16_t group;     /* of the key exchange; 0: none, or none of these */
    uint16_t signature; /* of the key exchange, in TLS 1.2; 0: none */
    int dh_bits;        /* of a group that has no number; 0: none */
    bool deflate;       /* compression was agreed on */
    bool tickets, session_ids, secure_renegotiation, extended_master_secret;
} tls_reply;

/* What the key exchange of a suite sends: tls/suites.h. */
typedef enum tls_exchange { TLS_EXCHANGE_NONE, TLS_EXCHANGE_DH, TLS_EXCHANGE_ECDH } tls_exchange;

/*
 * Reads all that came so far; `bytes` may only grow. `exchange_of(suite)` says what comes in a ServerKeyExchange, which
 * is waited for; NULL: the ServerHello is enough.
 */
tls_reply_state tls_reply_read(const char *bytes, size_t length, tls_exchange (*exchange_of)(uint16_t suite),
                               tls_reply *reply);

#endif
