/*
 * base/utf8.h: one code point at a time, by the Unicode standard's table 3-7 (no overlong forms, no surrogates, at most
 * U+10FFFF).
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* The octets that the first code point of `text` takes (1 to 4), and *point set; 0 when they are not UTF-8. `length` is
 * not 0. */
size_t base_utf8_decode(const char *text, size_t length, uint32_t *point);

/* Writes `point` (no surrogate, at most U+10FFFF) and returns how many octets it took. */
size_t base_utf8_encode(uint32_t point, char out[4]);

/* How many code points `text` has; an octet that is not UTF-8 counts as one. */
size_t base_utf8_count(const char *text, size_t length);

#endif
