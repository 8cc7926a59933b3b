/* net/ssl.h: what holds OpenSSL's objects, for the files of net alone. */
#ifndef NET_SSL_H
#define NET_SSL_H

#include "net/digest.h"
#include "net/mint.h"
#include "net/trust.h"
#include "net/verified.h"

#include <openssl/ssl.h>

#define NET_STORES_MAX 16

typedef struct net_store {
    char *name;
    X509_STORE *store;
} net_store;

struct net_trust {
    SSL_CTX *context;
    net_verified *verified;
    net_store stores[NET_STORES_MAX]; /* asked besides */
    size_t store_count;
    uint8_t (*public_roots)[NET_SHA256_SIZE]; /* their fingerprints, in order; NULL: not known */
    size_t public_root_count;
};

struct net_tls_identity {
    SSL_CTX *context;
    int max_version;       /* of TLS; 0: any */
    unsigned char *staple; /* NULL: none */
    size_t staple_length;
};

/* What browsers offer, Chromium or Firefox, as OpenSSL writes it. */
extern const char net_ssl_browser_ciphers[];
/* From then on more is offered than browsers do: whatever OpenSSL was built with. */
void net_ssl_offer_all(SSL *ssl);

/* The settings that both ends share; NULL when OpenSSL cannot be set up. */
SSL_CTX *net_ssl_context(const SSL_METHOD *method);

/* Has every handshake ask for timestamps (RFC 6962 3.3.1), and keep those that come: net_tls_scts_of. */
void net_tls_ask_scts(SSL_CTX *context);

bool net_trust_is_public(const net_trust *trust, const X509 *root);

/* The last error of the library in a few words; it is taken from the queue, which is then empty. */
unsigned long net_ssl_error(char *text, size_t size);

#endif
