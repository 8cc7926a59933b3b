/*
 * base/buffer.h: text that grows up to a stated maximum.
 *
 * What does not fit, or finds no memory, is left out whole, and so is everything after it: the flag is sticky, so that
 * a caller may append at will and ask once, at the end. The text always ends in NUL. Thread rule: one buffer, one
 * thread.
 */
#ifndef BASE_BUFFER_H
#define BASE_BUFFER_H

#include "base/error.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct base_buffer {
    char *data; /* NULL until something is appended: read through base_buffer_string */
    size_t length;
    size_t capacity;
    size_t max; /* octets, without the NUL */
    bool failed;
} base_buffer;

void base_buffer_init(base_buffer *buffer, size_t max);
void base_buffer_done(base_buffer *buffer);

/* Empties it and clears the flag; the memory stays for the next round. */
void base_buffer_clear(base_buffer *buffer);
/* Drops the first `count` octets; what stands behind moves to the front. */
void base_buffer_drop(base_buffer *buffer, size_t count);

/* Room for `length` octets more, at the end of the text, or NULL and the flag set. Write them, then call
 * base_buffer_commit. */
char *base_buffer_reserve(base_buffer *buffer, size_t length);
void base_buffer_commit(base_buffer *buffer, size_t length);

void base_buffer_append(base_buffer *buffer, const char *data, size_t length);
void base_buffer_text(base_buffer *buffer, const char *text);
void base_buffer_char(base_buffer *buffer, char c);
void base_buffer_appendf(base_buffer *buffer, const char *format, ...) BASE_PRINTF(2, 3);
void base_buffer_vappendf(base_buffer *buffer, const char *format, va_list arguments) BASE_PRINTF(2, 0);

/* The text so far, never NULL; valid until the buffer next changes. */
const char *base_buffer_string(const base_buffer *buffer);

/* Writes the text to `out` and empties the buffer. False, with the reason, if it had failed or the writing fails. */
bool base_buffer_flush(base_buffer *buffer, FILE *out, base_error *error);

#endif
