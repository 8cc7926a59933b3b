/* Configurations as literals, and the findings that they must have: all of them, at their lines. */
#ifndef TESTS_LIB_LINTED_H
#define TESTS_LIB_LINTED_H

#include "config/platform.h"

#define LINTED_MAX 4

/* A policy without any fault, for lines that are about something else. */
#define LINTED_HSTS "add_header Strict-Transport-Security \"max-age=31536000; includeSubDomains\" always;"

typedef struct linted_case {
    const char *text;
    struct {
        rule_id rule;
        size_t line;
    } wanted[LINTED_MAX]; /* in the order of lines; a line of 0 is behind the last one */
    const char *mended;   /* the text with the edits of the first finding; NULL: it has none */
    const char *context;
    config_version version;
} linted_case;

void linted_check(const config_platform *platform, const linted_case *cases, size_t count);

#endif
