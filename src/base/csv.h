/*
 * base/csv.h: a table for spreadsheets and forensic tools: RFC 4180, UTF-8.
 *
 * A cell is escaped as for a terminal (base/escape.h), so that each record is one line; and one that a spreadsheet
 * would take for a formula, because it begins with = + - @, gets an apostrophe in front.
 */
#ifndef BASE_CSV_H
#define BASE_CSV_H

#include "base/buffer.h"

void base_csv_cell(base_buffer *out, const char *text, size_t length);
void base_csv_string(base_buffer *out, const char *text); /* NULL: an empty cell */
void base_csv_end(base_buffer *out);                      /* of the record */

#endif
