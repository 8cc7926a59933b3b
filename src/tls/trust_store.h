/*
 * tls/trust_store.h: what a TLS client trusts, loaded once and shared by all its connections.
 */
#ifndef TLS_TRUST_STORE_H
#define TLS_TRUST_STORE_H

#include "base/error.h"

#include <stdbool.h>

typedef struct tls_trust_store tls_trust_store;

/*
 * `cafile`: PEM certificates that are trusted instead of the system's (as curl's --cacert), or NULL for the system's.
 * NULL, with the reason, if it cannot be read or holds no certificate.
 */
tls_trust_store *tls_trust_store_new(const char *cafile, base_error *error);
/* Another store, in a PEM file: each chain is verified against it besides, and reported by `name`. */
bool tls_trust_store_add_store(tls_trust_store *trust, const char *name, const char *path, base_error *error);

/*
 * Which roots are public: those of a PEM file, or of every file in a folder. `path` NULL: those that Debian took from
 * Mozilla, where they are; that they are not there is no error.
 */
bool tls_trust_store_set_public(tls_trust_store *trust, const char *path, base_error *error);
bool tls_trust_store_knows_public(const tls_trust_store *trust);

/* The folders of the system's certificates, with ':' between them: one is read when a certificate asks for it. */
const char *tls_trust_store_folders(void);

void tls_trust_store_free(tls_trust_store *trust);

#endif
