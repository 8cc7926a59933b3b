/*
 * report/store_diff.h: one difference between two stores.
 */
#ifndef REPORT_STORE_DIFF_H
#define REPORT_STORE_DIFF_H

#include "base/json.h"
#include "base/term.h"
#include "holdfast/formats.h"

/* `a` or `b` is NULL where that store has no such row. */
void report_store_difference_text(const hf_row *a, const hf_row *b, base_term *term);
void report_store_difference_json(const hf_row *a, const hf_row *b, base_json *json);

#endif
