/*
 * base/escape.h: text on its way to a terminal. Everything that may hold a byte of somebody else's passes through here.
 *
 * Becomes visible: C0 and C1 controls and DEL (a terminal obeys them), octets that are not UTF-8 (a terminal guesses),
 * and the characters that are invisible or turn the direction of a line (they make text read as what it is not). Octets
 * are shown as \x1b, code points as \u{202e}. Everything else, letters of any script, stays as it is.
 */
#ifndef BASE_ESCAPE_H
#define BASE_ESCAPE_H

#include "base/buffer.h"

#include <stdint.h>
#include <stdio.h>

#define BASE_ESCAPED_MAX 12 /* octets that one character may become, with a NUL */

/* True for a code point that must not reach a terminal, or a reader of JSON on one, raw. */
bool base_escape_is_hostile(uint32_t point);

/* Takes the first character of `text` (`length` is not 0), writes it in its visible form; returns the octets taken. */
size_t base_escape_next(const char *text, size_t length, char out[BASE_ESCAPED_MAX]);

/* The visible form of one octet of a text that is octets and no UTF-8: a field value. Every octet outside ASCII is
 * escaped. */
size_t base_escape_octet(unsigned char octet, char out[BASE_ESCAPED_MAX]);

/* Without the passwords of URLs (base/secret.h). */
void base_escape(const char *text, size_t length, base_buffer *out);
void base_escape_print(const char *text, size_t length, FILE *out);
/* Without BASE_SECRETS_OF_INPUT: for errors. */
void base_escape_input(const char *text, size_t length, FILE *out);

#endif
