/*
 * tls/tls.h: TLS as a step on top of any other stream, at either end. The certificates a server sends are checked, and
 * what is wrong with them is recorded, but no error of a certificate ends the handshake: the facts are what we came
 * for.
 */
#ifndef TLS_TLS_H
#define TLS_TLS_H

#include "facts/tls.h"
#include "io/stream.h"
#include "tls/trust_store.h"

#include "base/memory.h"

#include <stdbool.h>

/* The protocols that are offered (ALPN, RFC 7301). */
typedef enum tls_offer {
    TLS_OFFER_HTTP1, /* "http/1.1" */
    TLS_OFFER_HTTP2, /* "h2" */
    TLS_OFFER_BOTH,  /* h2 first, as browsers do */
} tls_offer;

/* What the server chose; it may choose what was not offered. */
typedef enum tls_protocol { TLS_AGREED_NOTHING, TLS_AGREED_HTTP1, TLS_AGREED_HTTP2, TLS_AGREED_OTHER } tls_protocol;
#define TLS_CERTIFICATES_MAX 102400 /* octets of all certificates together; browsers have about the same limit */
#define TLS_OVERHEAD_MAX 1048576    /* octets received without any data in them: handshake, tickets, new keys, alerts */

/* Certificates of which kind of key are accepted, by what the ClientHello offers: a server may have one of each. */
typedef enum tls_keys { TLS_KEYS_ALL, TLS_KEYS_RSA, TLS_KEYS_ECDSA } tls_keys;

typedef struct tls_options {
    const tls_trust_store *trust;
    const char *host; /* for SNI and for the name check; borrowed until the stream is closed */
    bool is_address;  /* `host` is an IP address: no SNI is sent (RFC 6066 3), and it is looked for among addresses */
    bool no_sni;      /* no SNI is sent all the same */
    int64_t now;      /* the moment at which certificates are to be valid */
    bool
        legacy_tls; /* more is offered than browsers do: old versions, ciphers and signatures; they are then an error */
    bool more_groups; /* the one that not all browsers offer is offered, too */
    bool leaf_only;   /* of certificates without errors the first alone is read, by tls_certificate_read_leaf_only */
    tls_offer offer;
    tls_keys keys;
    /* Called before and after what the handshake computes, with false and true; false ends it, with the failure that it
       sets. NULL: nobody counts. */
    bool (*count)(void *self, bool after, facts_failure *failure);
    void *count_self;
} tls_options;

/* Takes over `lower`, which must be ready, and begins the handshake. */
io_stream *tls_client(io_stream *lower, const tls_options *options, io_sink sink);

/* What a TLS server shows, and proves to be: a certificate with what is sent behind it, and its key. */
typedef struct tls_identity tls_identity;
void tls_identity_free(tls_identity *identity);

/* The identity for a client that asks for `name`, which is NULL when it names none. */
typedef const tls_identity *tls_choose(void *self, const char *name);

/* From now on connections with this identity agree to HTTP/2 when it is offered. */
void tls_identity_speak_http2(tls_identity *identity);

io_stream *tls_server(io_stream *lower, tls_choose *choose, void *self, io_sink sink);

/* Of either end's stream, once it is ready. */
tls_protocol tls_agreed(io_stream *stream);

/* Of a client's stream, once it is ready: HTTP/2 may be spoken on it, by its version and cipher. */
bool tls_suits_http2(io_stream *stream);

/* The octets of all certificates that the server of a client's stream has sent. */
size_t tls_certificates_size(io_stream *stream);

/* What the handshake of a client's stream showed; after a failed one, what it had shown by then. From inside `ready` or
 * `end`. */
void tls_report_read(io_stream *stream, base_arena *arena, facts_tls *facts);

#endif
