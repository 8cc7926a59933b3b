/*
 * base/table.h: a few aligned columns. Cells are text, escaped when printed; a column is as wide as its widest cell,
 * counted in code points, and the last one is not padded.
 */
#ifndef BASE_TABLE_H
#define BASE_TABLE_H

#include "base/term.h"

#define BASE_TABLE_COLUMNS_MAX 8

typedef struct base_table_cell {
    char *text; /* already escaped */
    size_t width;
    base_style style;
} base_table_cell;

typedef struct base_table {
    size_t columns;
    base_table_cell *cells; /* row by row */
    size_t count, capacity;
    bool failed; /* out of memory: what is missing is missing at the end */
} base_table;

/* `columns` is at most BASE_TABLE_COLUMNS_MAX. */
void base_table_init(base_table *table, size_t columns);
void base_table_done(base_table *table);

/* The next cell, from left to right, row by row. */
void base_table_add(base_table *table, base_style style, const char *text);

/* Prints the whole rows, each line indented by `indent` blanks. */
void base_table_print(const base_table *table, base_term *term, size_t indent);

#endif
