/*
 * base/term.h: the one way text reaches a terminal. Everything printed here is escaped (base/escape.h), so that no
 * caller has to think about whose bytes it prints; a line ends only where base_term_line ends it.
 */
#ifndef BASE_TERM_H
#define BASE_TERM_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

typedef enum base_color {
    BASE_COLOR_AUTO, /* on a terminal, unless NO_COLOR is set and not empty or TERM is "dumb" */
    BASE_COLOR_ALWAYS,
    BASE_COLOR_NEVER,
} base_color;

typedef enum base_style {
    BASE_STYLE_PLAIN,
    BASE_STYLE_GOOD,
    BASE_STYLE_BAD,
    BASE_STYLE_WARN,
    BASE_STYLE_DIM,
    BASE_STYLE_BOLD,
} base_style;

typedef struct base_term {
    FILE *out;
    bool is_terminal;
    bool colored;
    size_t width; /* columns; 80 when it is no terminal or the terminal does not say */
} base_term;

bool base_color_parse(const char *text, base_color *color, base_error *error);

void base_term_init(base_term *term, FILE *out, base_color color);

/* Prints in a style, escaped, without a line's end. */
void base_term_text(base_term *term, base_style style, const char *text, size_t length);
void base_term_print(base_term *term, base_style style, const char *format, ...) BASE_PRINTF(3, 4);

/* The same, and ends the line. */
void base_term_line(base_term *term, base_style style, const char *format, ...) BASE_PRINTF(3, 4);

/* Writes "holdfast: TEXT" and a line feed: always one line. */
void base_error_print(const base_error *error, FILE *out);

/* Ends the line; at its beginning that makes an empty one. */
void base_term_gap(base_term *term);

#endif
