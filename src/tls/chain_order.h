/*
 * tls/chain_order.h: what each certificate is for among those that a server sent. RFC 5246 7.4.2: "The sender's certificate MUST come first in
 * the list. Each following certificate MUST directly certify the one preceding it."
 */
#ifndef TLS_CHAIN_ORDER_H
#define TLS_CHAIN_ORDER_H

#include <openssl/x509.h>
#include <stddef.h>

#define TLS_CHAIN_PLACES_MAX 64 /* certificates that are put in their places; those behind have none */

/*
 * The places of the first `count` certificates, in their order. Stable words:
 *   "leaf"          the server's own
 *   "issuer"        signed the one before it, as it should
 *   "out-of-order"  signed one of the others, but does not stand behind it
 *   "alternative"   another certificate of an authority that was sent already: it leads to another root
 *   "root"          signed itself; who trusts it has it
 *   "duplicate"     was sent already
 *   "unrelated"     leads nowhere from the server's own
 */
void tls_chain_places(STACK_OF(X509) * sent, const char *places[], size_t count);

#endif
