/*
 * tls/path.h: from a server's certificate to what is trusted, as browsers go: every path over what was sent and what
 * the trust store holds is tried, and one that is good is enough (RFC 4158). OpenSSL tries one. Why, and where the
 * browsers differ: docs/decisions/0013-every-path-to-a-root.md.
 *
 * The usual chain costs what it cost: OpenSSL verifies it, and where it is good, and nothing sent has the name of
 * another, no browser could find another one. Otherwise paths are searched for, twice at most:
 *  - as Chromium does, in its order, for as many steps as it takes (FACTS_PATH_CHROMIUM_STEPS);
 *  - where that ends at the limit, or at a path that is too long for Firefox, over good signatures alone, up to the
 *    length that Firefox follows.
 * Thread rule: as of the X509_STORE_CTX.
 */
#ifndef TLS_PATH_H
#define TLS_PATH_H

#include "tls/verify.h"

#include <stddef.h>

#define TLS_PATH_SHORT_STEPS 4096  /* of the second search: pairs of certificates looked at */
#define TLS_PATH_SHORT_VERIFIED 16 /* and paths verified */

/*
 * Verifies what was sent as browsers would, keys and signatures too, whatever was good enough for the handshake.
 * Records into the tls_verify_record that is the SSL's app data, and sets the chain and the error of the context.
 */
void tls_path_verify(X509_STORE_CTX *context);

/* The same chain for the moment `now` with other trust; false if OpenSSL cannot. */
bool tls_path_verify_with(X509_STORE *store, X509 *leaf, STACK_OF(X509) * sent, int64_t now, tls_verify_record *record);

/* The same, and the path that was taken, which is then the caller's; NULL if there is none, or OpenSSL cannot. */
STACK_OF(X509) *
    tls_path_take(X509_STORE *store, X509 *leaf, STACK_OF(X509) * sent, int64_t now, tls_verify_record *record);

/* A path that was tried, and what is wrong with it. */
typedef struct tls_path_try {
    size_t count;
    X509 *certificates[FACTS_PATH_CHROMIUM_STEPS + 1]; /* the server's own first; owned by the tls_paths */
    bool anchored;                                     /* it ends at what is trusted */
    tls_verify_record record;
} tls_path_try;

typedef struct tls_paths tls_paths;

/* Every path that was tried; NULL if OpenSSL cannot. */
tls_paths *tls_paths_search(X509_STORE *store, X509 *leaf, STACK_OF(X509) * sent, int64_t now);
size_t tls_paths_count(const tls_paths *paths);
const tls_path_try *tls_paths_at(const tls_paths *paths, size_t index);
void tls_paths_free(tls_paths *paths);

#endif
