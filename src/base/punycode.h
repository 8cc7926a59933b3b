/*
 * base/punycode.h: code points to ASCII, RFC 3492 section 6.3.
 */
#ifndef BASE_PUNYCODE_H
#define BASE_PUNYCODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BASE_PUNYCODE_MAX 256 /* code points of one label */

/* Writes the code points without the prefix "xn--". False if there are too many, or `capacity` is too small. */
bool base_punycode_encode(const uint32_t *points, size_t count, char *out, size_t capacity, size_t *out_length);

#endif
