/*
 * report/row.h: a row of a table of two columns: a label and a text.
 */
#ifndef REPORT_ROW_H
#define REPORT_ROW_H

#include "base/error.h"
#include "base/table.h"

#define REPORT_CELL_MAX 4096 /* of the text; the rest is cut off */

void report_row(base_table *table, base_style style, const char *label, const char *format, ...) BASE_PRINTF(4, 5);

#endif
