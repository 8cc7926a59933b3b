/*
 * tls/objections.h: what browsers object to in the chain that was built, beside OpenSSL's errors; and which of these
 * errors no browser shares, or not all of them.
 */
#ifndef TLS_OBJECTIONS_H
#define TLS_OBJECTIONS_H

#include "tls/report.h"

/* Writes `errors` and `disputed` of the facts anew, which have their certificates and their path. */
void tls_objections_judge(const tls_handshake *tls, base_arena *arena, facts_tls *facts);

#endif
