/*
 * report/lint.h: the findings of a configuration, each under its line, as text for people and as JSON.
 */
#ifndef REPORT_LINT_H
#define REPORT_LINT_H

#include "base/json.h"
#include "base/term.h"
#include "findings/finding.h"

typedef struct report_lint_item {
    const finding *said;
    hf_span line; /* in which its place is, without its end; data NULL: there is none */
    bool fixable; /* edits mend it */
} report_lint_item;

/* A file that was written anew. */
typedef struct report_lint_mended {
    const char *file, *backup;
    size_t findings;
} report_lint_mended;

typedef struct report_lint {
    const report_lint_item *items; /* in the order of files and lines */
    size_t count;
    size_t files, ignored, left_out;
    bool fixed; /* files were to be written anew: these */
    const report_lint_mended *mended;
    size_t mended_count;
} report_lint;

/* `quiet`: a line for each finding, and nothing else. */
void report_lint_text(const report_lint *lint, bool quiet, base_term *term);
/* The object of docs/schema/config-lint.schema.json. */
void report_lint_json(const report_lint *lint, base_json *json);

/* A unified diff as a person reads it: escaped, and in colour. */
void report_lint_diff(const char *diff, size_t length, base_term *term);

#endif
