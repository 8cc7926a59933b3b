/*
 * report/matrix.h: which response carries which HSTS header, as a table for people, as JSON, and as a page.
 */
#ifndef REPORT_MATRIX_H
#define REPORT_MATRIX_H

#include "base/json.h"
#include "base/term.h"
#include "facts/matrix.h"

/* `quiet`: the tables without the legend. */
void report_matrix_text(const facts_matrix *matrix, bool quiet, base_term *term);
/* The object of docs/schema/config-matrix.schema.json. */
void report_matrix_json(const facts_matrix *matrix, base_json *json);
/* A page that needs nothing else: no script, no font, no image. */
void report_matrix_html(const facts_matrix *matrix, base_buffer *out);

/* What a cell comes to, in one or two characters: see the legend. */
const char *report_matrix_mark(const facts_matrix_cell *cell);

#endif
