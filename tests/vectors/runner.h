/*
 * hf-vectors: one runner for test vectors kept as data (docs/testing.md). A kind of vector is one file and one line in
 * the table of main.c; it gets one line of a file at a time and says what became of it.
 */
#ifndef HF_TESTS_RUNNER_H
#define HF_TESTS_RUNNER_H

#include <stdbool.h>
#include <stddef.h>

typedef struct tally {
    const char *file;
    size_t line;
    size_t passed, failed, skipped;
} tally;

void vector_pass(tally *t);
/* Prints the place and what was expected and what came. */
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
void vector_fail(tally *t, const char *format, ...);
/* Prints the place and why it could not be run. Never for what went wrong. */
void vector_skip(tally *t, const char *name, const char *why);

typedef struct vector_kind {
    const char *name;
    /* `line` is NUL-terminated and may be changed. */
    void (*run)(tally *t, char *line);
} vector_kind;

extern const vector_kind vector_header, vector_url, vector_store, vector_preload, vector_head, vector_forecast,
    vector_eligibility;

/* -- For the kinds ------------------------------------------------------------------------------------------------- */

/* Cuts a line at its TABs in place. Returns how many columns there are, at most `capacity`. */
size_t split_columns(char *line, char **columns, size_t capacity);

/* A JSON string in a column: its octets as a new block ended by a NUL, or NULL. Free it with free(). */
/* ..._octets: each code point U+0000..U+00FF is one octet. ..._text: UTF-8. */
char *json_column_octets(const char *column, size_t *length);
char *json_column_text(const char *column, size_t *length);

/* The octets that a UTF-8 text of code points U+0000..U+00FF stands for; NULL if it holds others. Free it. */
char *octets_of(const char *utf8, size_t length, size_t *out_length);

#endif
