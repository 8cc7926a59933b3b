/*
 * tls/input.h: what OpenSSL reads from: the octets that have just come, where they lie. A memory BIO would copy them,
 * and keep room for them as long as the connection lives. OpenSSL takes everything before it asks for more, so nothing
 * is left over.
 */
#ifndef TLS_INPUT_H
#define TLS_INPUT_H

#include <openssl/bio.h>

#include <stddef.h>

typedef struct tls_input {
    const char *bytes;
    size_t length;
} tls_input;

/* NULL when there is no memory. `input` must outlive it. */
BIO *tls_input_bio(tls_input *input);

#endif
