/*
 * tls/chain_order.h: what each certificate is for among those that a server sent: facts_place.
 */
#ifndef TLS_CHAIN_ORDER_H
#define TLS_CHAIN_ORDER_H

#include "facts/tls.h"

#include <openssl/x509.h>
#include <stddef.h>

#define TLS_CHAIN_PLACES_MAX 64 /* certificates that are compared with each other */

/* The places of the first `count` certificates, in their order; FACTS_PLACE_UNKNOWN beyond TLS_CHAIN_PLACES_MAX. */
void tls_chain_places(STACK_OF(X509) * sent, facts_place places[], size_t count);

#endif
