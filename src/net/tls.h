/*
 * net/tls.h: TLS as a step on top of any other stream, at either end. The certificates a server sends are checked, and what is
 * wrong with them is recorded, but no error of a certificate ends the handshake: the facts are what we came for.
 */
#ifndef NET_TLS_H
#define NET_TLS_H

#include "net/certificate.h"
#include "net/mint.h"
#include "net/stream.h"
#include "net/trust.h"

#include <stdbool.h>

#define NET_TLS_CERTIFICATES_MAX 102400 /* octets of all certificates together; browsers have about the same limit */
#define NET_TLS_OVERHEAD_MAX                                                                                           \
    1048576 /* octets received without any data in them: handshake, tickets, new keys, alerts */

typedef struct net_tls_options {
    const net_trust *trust;
    const char *host; /* for SNI and for the name check; borrowed until the stream is closed */
    bool is_address;  /* `host` is an IP address: no SNI is sent (RFC 6066 3), and it is looked for among addresses */
    bool nameless;    /* no SNI is sent all the same */
    int64_t at;       /* the moment at which certificates are to be valid */
} net_tls_options;

/* What was wrong with one certificate of the chain. */
typedef struct net_tls_error {
    const char *code; /* ours, stable: "expired" */
    const char *text; /* OpenSSL's words */
    int number;       /* OpenSSL's X509_V_ERR_... */
    int depth;        /* 0 is the server's own certificate */
    int sent;         /* its place among the certificates sent; -1: it came from the trust store */
} net_tls_error;

/* What a handshake showed; after a failed one, what had been seen by then. */
typedef struct net_tls_report {
    bool established;
    const char *version, *cipher;  /* NULL when never agreed on */
    const char *alpn;              /* NULL: the server chose none */
    net_certificate *certificates; /* as sent, in that order */
    size_t certificate_count;
    net_tls_error *errors;
    size_t error_count;
} net_tls_report;

/* Takes over `lower`, which must be ready, and begins the handshake. */
net_stream *net_tls_client(net_stream *lower, const net_tls_options *options, net_sink sink);

/* What a server shows to a client that asks for `name`, which is NULL when it names none. */
typedef const net_tls_identity *net_tls_choose(void *self, const char *name);

net_stream *net_tls_server(net_stream *lower, net_tls_choose *choose, void *self, net_sink sink);

/* Of a client's stream, from inside `ready` or `end`. */
void net_tls_report_read(net_stream *stream, base_arena *arena, net_tls_report *report);

#endif
