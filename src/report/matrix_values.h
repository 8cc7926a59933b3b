/* report/matrix_values.h: what the table and the page of report/matrix.h are made of. */
#ifndef REPORT_MATRIX_VALUES_H
#define REPORT_MATRIX_VALUES_H

#include "base/buffer.h"
#include "facts/matrix.h"

#define REPORT_MATRIX_VALUES_MAX 100

/* The header lines of a matrix, each once. */
typedef struct report_matrix_values {
    const facts_matrix_field **items;
    size_t count;
    bool left_out; /* there are more */
} report_matrix_values;

void report_matrix_values_find(report_matrix_values *values, const facts_matrix *matrix);
void report_matrix_values_done(report_matrix_values *values);

/* A label cut to `width` columns, escaped, and the blanks that fill it up. */
#define REPORT_MATRIX_LABEL_MAX 512
typedef struct report_matrix_label {
    char text[REPORT_MATRIX_LABEL_MAX];
    size_t gap;
} report_matrix_label;

report_matrix_label report_matrix_label_cut(const char *text, size_t width);

/* Text of a configuration, so that a page shows it as it is. */
void report_matrix_escape(const char *text, base_buffer *out);
/* A <td>; NULL: the response does not occur. */
void report_matrix_put_cell(const facts_matrix_cell *cell, bool tls, base_buffer *out);

#endif
