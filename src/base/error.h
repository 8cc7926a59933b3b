/*
 * base/error.h: one line of text that says what went wrong, where, and what to do next.
 *
 * A function that can fail returns false (or another stated value) and fills in the base_error its caller passed; NULL
 * is allowed everywhere. The text may quote hostile input, which base_error_print (base/term.h) escapes on the way out.
 * Thread rule: one error, one thread.
 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stdio.h>

#define BASE_ERROR_MAX 1024

typedef struct base_error {
    char text[BASE_ERROR_MAX]; /* longer texts are cut */
} base_error;

#define BASE_PRINTF(text, first) __attribute__((format(printf, text, first)))

void base_error_set(base_error *error, const char *format, ...) BASE_PRINTF(2, 3);

/* Puts "context: " in front of what is there. */
void base_error_wrap(base_error *error, const char *format, ...) BASE_PRINTF(2, 3);

/*
 * `text` if it is short enough to be quoted in an error, else its beginning and "...", in `cut`. What follows the
 * quotation in the error must not be lost because somebody gave a megabyte. BASE_CUT brings the storage, which lives as
 * long as the block around it.
 */
#define BASE_CUT_MAX 104
const char *base_cut(const char *text, char cut[BASE_CUT_MAX]);
#define BASE_CUT(text) base_cut(text, (char[BASE_CUT_MAX]){0})

#endif
