/*
 * net/tls.h: TLS as a step on top of any other stream, at either end. The certificates a server sends are checked, and what is
 * wrong with them is recorded, but no error of a certificate ends the handshake: the facts are what we came for.
 */
#ifndef NET_TLS_H
#define NET_TLS_H

#include "net/certificate.h"
#include "net/mint.h"
#include "net/staple.h"
#include "net/stream.h"
#include "net/trust.h"

#include <stdbool.h>

/* The protocols that are offered (ALPN, RFC 7301). */
typedef enum net_offer {
    NET_OFFER_HTTP1, /* "http/1.1" */
    NET_OFFER_HTTP2, /* "h2" */
    NET_OFFER_BOTH,  /* h2 first, as browsers do */
} net_offer;

/* What the server chose; it may choose what was not offered. */
typedef enum net_agreed { NET_AGREED_NOTHING, NET_AGREED_HTTP1, NET_AGREED_HTTP2, NET_AGREED_OTHER } net_agreed;
#define NET_TLS_CERTIFICATES_MAX 102400 /* octets of all certificates together; browsers have about the same limit */
#define NET_TLS_OVERHEAD_MAX                                                                                           \
    1048576 /* octets received without any data in them: handshake, tickets, new keys, alerts */

typedef struct net_tls_options {
    const net_trust *trust;
    const char *host; /* for SNI and for the name check; borrowed until the stream is closed */
    bool is_address;  /* `host` is an IP address: no SNI is sent (RFC 6066 3), and it is looked for among addresses */
    bool nameless;    /* no SNI is sent all the same */
    int64_t at;       /* the moment at which certificates are to be valid */
    bool lenient; /* more is offered than browsers do: old versions, ciphers and signatures; they are then an error */
    bool brief;   /* of certificates without errors the fingerprint and the dates of the first alone are read */
    net_offer offer;
} net_tls_options;

/*
 * What was wrong with one certificate of the chain; or, at depth -1, with the connection itself: that browsers refuse it, by version
 * ("old-version"), cipher ("no-common-cipher"), group ("no-common-group") or signature ("no-common-signature").
 */
typedef struct net_tls_error {
    const char *code; /* ours, stable: "expired" */
    const char *text; /* OpenSSL's words */
    int number;       /* OpenSSL's X509_V_ERR_...; 0: none, the error is ours */
    int depth;        /* 0 is the server's own certificate */
    int sent;         /* its place among the certificates sent; -1: it came from the trust store */
} net_tls_error;

/* One certificate of the path that was built. */
typedef struct net_tls_link {
    const char *subject, *fingerprint;
    int64_t not_after;
    int sent; /* its place among the certificates sent; -1: it came from the trust store */
    bool self_issued;
} net_tls_link;

/* What another store makes of the chain. */
typedef struct net_tls_verdict {
    const char *store;
    net_tls_error *errors; /* none: it trusts the chain */
    size_t error_count;
} net_tls_verdict;

/* What a handshake showed; after a failed one, what had been seen by then. */
typedef struct net_tls_report {
    bool established;
    const char *version, *cipher;  /* NULL when never agreed on */
    const char *alpn;              /* NULL: the server chose none */
    net_certificate *certificates; /* as sent, in that order */
    size_t certificate_count;
    net_tls_error *errors;
    size_t error_count;
    const char *group;  /* of the key exchange; NULL: none, or not known */
    const char *root;   /* "public", "local": the trusted root at the end; NULL: there is none, or nobody knows */
    net_tls_link *path; /* as built, from the server's own certificate upwards */
    size_t path_count;
    const net_staple *staple;  /* NULL: none was sent */
    size_t sct_count;          /* timestamps that came with the handshake, outside of certificate and staple */
    net_tls_verdict *verdicts; /* of the stores that were asked besides */
    size_t verdict_count;
} net_tls_report;

/* Takes over `lower`, which must be ready, and begins the handshake. */
net_stream *net_tls_client(net_stream *lower, const net_tls_options *options, net_sink sink);

/* What a server shows to a client that asks for `name`, which is NULL when it names none. */
typedef const net_tls_identity *net_tls_choose(void *self, const char *name);

/* From now on connections with this identity agree to HTTP/2 when it is offered. */
void net_tls_identity_speak_http2(net_tls_identity *identity);

net_stream *net_tls_server(net_stream *lower, net_tls_choose *choose, void *self, net_sink sink);

/* Of either end's stream, once it is ready. */
net_agreed net_tls_agreed(net_stream *stream);

/* Of a client's stream, once it is ready: HTTP/2 may be spoken on it, by its version and cipher. */
bool net_tls_suits_http2(net_stream *stream);

/* Of a client's stream, from inside `ready` or `end`. */
void net_tls_report_read(net_stream *stream, base_arena *arena, net_tls_report *report);

#endif
