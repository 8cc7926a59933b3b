/*
 * report/probe_line.h: what `holdfast probe` says of one host: a line of JSON (docs/schema/probe-line.schema.json), of
 * text, of CSV or of a table. No line feed ends it, but for CSV.
 */
#ifndef REPORT_PROBE_LINE_H
#define REPORT_PROBE_LINE_H

#include "report/probe_fields.h"

typedef enum report_line_style {
    REPORT_LINE_TEXT,
    REPORT_LINE_JSON,
    REPORT_LINE_CSV,   /* needs fields */
    REPORT_LINE_TABLE, /* needs fields, and report_line_fit */
} report_line_style;

typedef struct report_line_form {
    report_line_style style;
    bool colored; /* text alone */
    report_fields fields;
    size_t widths[REPORT_FIELDS_MAX];
} report_line_form;

/* Makes the columns of a table fit so many of a terminal, or as nearly as may be. */
void report_line_fit(report_line_form *form, size_t width);

/* The names of the columns, with the end of the line. */
void report_line_head(const report_line_form *form, base_buffer *out);

/* Both write to `out`, which must be empty. */
void report_probe_line(const report_line_form *form, const report_probed *item, base_buffer *out);
void report_refused_line(const report_line_form *form, const facts_refused *refused, base_buffer *out);

#endif
