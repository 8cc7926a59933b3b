/*
 * tls/der.h: DER (ITU-T X.690), element by element. Pure: no allocation, nothing is decoded, every byte may be hostile.
 */
#ifndef TLS_DER_H
#define TLS_DER_H

#include "holdfast/status.h"

#include <stdbool.h>

#define TLS_DER_HEAD_MAX (2 + sizeof(size_t)) /* bytes in front of the content of an element */

#define TLS_DER_SEQUENCE 0x30
#define TLS_DER_OBJECT 0x06

typedef struct tls_der {
    unsigned tag;  /* the identifier octet, class and form included */
    hf_span whole; /* head and content */
    hf_span content;
} tls_der;

/*
 * Takes the next element off *rest. False if none stands there: X.690 10.1: "The definite form of length encoding shall
 * be used, encoded in the minimum number of octets." Tag numbers above 30 are not read: no certificate has them.
 */
bool tls_der_next(hf_span *rest, tls_der *element);

/* The same, of one tag: another one stays where it is. */
bool tls_der_take(hf_span *rest, unsigned tag, tls_der *element);

/* Writes the head of an element whose content has `length` bytes; returns the bytes written. */
size_t tls_der_head(unsigned tag, size_t length, char out[static TLS_DER_HEAD_MAX]);

#endif
