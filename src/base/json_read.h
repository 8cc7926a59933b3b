/*
 * base/json_read.h: one JSON string (RFC 8259) read from one line of a JSON Lines pipe, without allocation.
 *
 * Blanks may stand around it; anything else is refused, with its place counted in octets from 0. Whatever passes is
 * exactly what the sender meant: no replacement characters, no repair.
 */
#ifndef BASE_JSON_READ_H
#define BASE_JSON_READ_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

/* Each code point U+0000 to U+00FF is one octet; a higher one is refused. `capacity` >= `length` is always enough. */
bool base_json_read_octets(const char *line, size_t length, char *out, size_t capacity, size_t *out_length,
                           base_error *error);

/* The same to UTF-8; a surrogate without its partner is refused. */
bool base_json_read_text(const char *line, size_t length, char *out, size_t capacity, size_t *out_length,
                         base_error *error);

#endif
