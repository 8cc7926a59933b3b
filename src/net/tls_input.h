/*
 * net/tls_input.h: what OpenSSL reads from: the octets that have just come, where they lie. A memory BIO would copy them, and keep
 * room for them as long as the connection lives. OpenSSL takes everything before it asks for more, so nothing is left over.
 */
#ifndef NET_TLS_INPUT_H
#define NET_TLS_INPUT_H

#include <openssl/bio.h>

#include <stddef.h>

typedef struct net_tls_input {
    const char *bytes;
    size_t length;
} net_tls_input;

/* NULL when there is no memory. `input` must outlive it. */
BIO *net_tls_input_bio(net_tls_input *input);

#endif
