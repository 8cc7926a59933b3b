/* tls/ssl.h: what holds OpenSSL's objects, for the files of tls alone. */
#ifndef TLS_SSL_H
#define TLS_SSL_H

#include "tls/digest.h"
#include "tls/tls.h"
#include "tls/trust_store.h"
#include "tls/verify_cache.h"

#include <openssl/ssl.h>

#define TLS_OTHER_STORES_MAX 16

typedef struct tls_other_store {
    char *name;
    X509_STORE *store;
} tls_other_store;

struct tls_trust_store {
    SSL_CTX *context;
    tls_verify_cache *verified;
    tls_other_store stores[TLS_OTHER_STORES_MAX]; /* asked besides */
    size_t store_count;
    uint8_t (*public_roots)[TLS_SHA256_SIZE]; /* their fingerprints, in order; NULL: not known */
    size_t public_root_count;
};

struct tls_identity {
    SSL_CTX *context;
    int min_version, max_version; /* of TLS; 0: any */
    const char *cipher;           /* the only one of TLS 1.2, by OpenSSL's name; NULL: any */
    unsigned char *staple;        /* NULL: none */
    size_t staple_length;
};

/* What browsers offer, Chromium or Firefox, as OpenSSL writes it. */
extern const char tls_ssl_browser_ciphers[];
/* False if OpenSSL was built without one of these. */
bool tls_ssl_offer_as_browsers(SSL_CTX *context);
#define TLS_GROUP_MAX 4096 /* bits of a Diffie-Hellman group (DHE); computing with 10,000 takes a second */

/* From then on no more of what browsers offer than suits a certificate with such a key. */
void tls_ssl_offer_keys(SSL *ssl, tls_keys keys);

/* From then on the group that Firefox alone offers, too. */
void tls_ssl_offer_more_groups(SSL *ssl);

/* From then on more is offered than browsers do: whatever OpenSSL was built with. A group above TLS_GROUP_MAX ends the
 * handshake before anything is computed with it, and is noted in the tls_verify_record that is the app data. */
void tls_ssl_offer_all(SSL *ssl);

/* The settings that both ends share; NULL when OpenSSL cannot be set up. */
SSL_CTX *tls_ssl_context(const SSL_METHOD *method);

/* Every client handshake asks for timestamps (RFC 6962 3.3.1), and counts them in the tls_verify_record that is its app
 * data. */
void tls_ssl_ask_scts(SSL_CTX *context);

/* That a server asks for a certificate is noted in the same record; it gets none, as from a browser that has none. */
void tls_ssl_note_requests(SSL_CTX *context);

bool tls_trust_store_is_public(const tls_trust_store *trust, const X509 *root);

/* The last error of the library in a few words; it is taken from the queue, which is then empty. */
unsigned long tls_ssl_error(char *text, size_t size);

#endif
