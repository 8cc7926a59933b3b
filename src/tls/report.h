/*
 * tls/report.h: what a handshake showed, for tls/tls.c, which owns the connection; and what it would show, for
 * tls/presented.c, where there is none.
 */
#ifndef TLS_REPORT_H
#define TLS_REPORT_H

#include "tls/tls.h"
#include "tls/verify.h"

#include <openssl/ssl.h>

/* The client's side of a handshake, complete or not. */
typedef struct tls_handshake {
    SSL *ssl;                         /* NULL: there was none, and the certificates come from elsewhere */
    X509 *leaf;                       /* NULL: no certificate came */
    STACK_OF(X509) * sent, *verified; /* NULL: none, or no path */
    const tls_options *options;
    tls_verify_record *record; /* the report adds the errors that only it can see: of the name and of the staple */
    bool ready;                /* the handshake is complete */
} tls_handshake;

void tls_report_make(const tls_handshake *tls, base_arena *arena, facts_tls *facts);

/* The path that was verified, up to a root if the trust store has it; the caller's. NULL: there is none. */
STACK_OF(X509) * tls_report_path(const tls_handshake *tls);

#endif
