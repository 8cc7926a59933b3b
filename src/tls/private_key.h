/*
 * tls/private_key.h: the private key of a server, in PEM: whether it belongs to a certificate. No passphrase is ever
 * asked for.
 */
#ifndef TLS_PRIVATE_KEY_H
#define TLS_PRIVATE_KEY_H

#include "base/error.h"
#include "base/memory.h"
#include "holdfast/status.h"

#include <stdbool.h>

typedef struct tls_private_key tls_private_key;

/* The first key of `octets`. NULL with the reason: there is none, it is malformed, or it is encrypted. */
tls_private_key *tls_private_key_read(hf_span octets, base_error *error);
void tls_private_key_free(tls_private_key *key);

/* As of facts_certificate. In the arena. */
const char *tls_private_key_type(const tls_private_key *key, base_arena *arena);
int tls_private_key_bits(const tls_private_key *key);

/* True if `certificate`, in DER, is for this key. */
bool tls_private_key_fits(const tls_private_key *key, hf_span certificate);

/* Overwrites what a key was read from. */
void tls_private_key_forget(void *octets, size_t length);

#endif
