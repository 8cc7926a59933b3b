/* tls/report.h: what a handshake showed, for tls/tls.c alone, which owns the connection. */
#ifndef TLS_REPORT_H
#define TLS_REPORT_H

#include "tls/tls.h"
#include "tls/verify.h"

#include <openssl/ssl.h>

/* The client's side of a handshake, complete or not. */
typedef struct tls_handshake {
    SSL *ssl;
    const tls_options *options;
    tls_verify_record *record; /* the report adds the errors that only it can see: of the name and of the staple */
    bool ready;                /* the handshake is complete */
} tls_handshake;

void tls_report_make(const tls_handshake *tls, base_arena *arena, facts_tls *facts);

#endif
