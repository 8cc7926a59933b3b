/* net/ssl.h: what holds OpenSSL's objects, for the files of net alone. */
#ifndef NET_SSL_H
#define NET_SSL_H

#include "net/mint.h"
#include "net/trust.h"

#include <openssl/ssl.h>

struct net_trust {
    SSL_CTX *context;
};

struct net_tls_identity {
    SSL_CTX *context;
    bool http2; /* agrees to it */
};

/* The settings that both ends share; NULL when OpenSSL cannot be set up. */
SSL_CTX *net_ssl_context(const SSL_METHOD *method);

/* The last error of the library in a few words; it is taken from the queue, which is then empty. */
unsigned long net_ssl_error(char *text, size_t size);

#endif
