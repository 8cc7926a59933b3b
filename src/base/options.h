/*
 * base/options.h: options read from one table, which --help, the manual and the completion are tested against.
 *
 * --name, --name VALUE, --name=VALUE, -x, -xVALUE, -x VALUE, -xyz for flags. "--" ends the options; "-" is an operand.
 * Operands may stand between options. Long names are not abbreviated: a script must not break when an option is added.
 */
#ifndef BASE_OPTIONS_H
#define BASE_OPTIONS_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

/* Turns the VALUE of an option into the member `target` points to. The error need not name the option. */
typedef bool (*base_option_read)(const char *text, void *target, base_error *error);

/* One row; a table ends with a row whose name is NULL. */
typedef struct base_option {
    const char *name;      /* without the dashes */
    char letter;           /* 0: no short form */
    const char *value;     /* what --help calls the VALUE: "TIME"; NULL: a flag, and the member is a bool */
    const char *text;      /* one clause for --help */
    base_option_read read; /* NULL for a flag */
    size_t offset;         /* of the member in the settings */
} base_option;

/* The operands, in their order; they are moved to the front of argv. */
typedef struct base_operands {
    char **items;
    size_t count;
} base_operands;

/* Reads argv[0] to argv[argc - 1] (no program name) into `settings`. On failure the error is one clause that names the
 * option. */
bool base_options_parse(const base_option *table, int argc, char **argv, void *settings, base_operands *operands,
                        base_error *error);

/* Readers for common kinds of members. */
bool base_read_text(const char *text, void *target, base_error *error);     /* const char * */
bool base_read_texts(const char *text, void *target, base_error *error);    /* base_texts: the option may be repeated */
bool base_read_time(const char *text, void *target, base_error *error);     /* int64_t */
bool base_read_duration(const char *text, void *target, base_error *error); /* int64_t */
bool base_read_color(const char *text, void *target, base_error *error);    /* base_color */

#define BASE_TEXTS_MAX 64
typedef struct base_texts {
    const char *items[BASE_TEXTS_MAX];
    size_t count;
} base_texts;

#endif
