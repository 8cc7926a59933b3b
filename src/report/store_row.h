/*
 * report/store_row.h: rows of stores and their times, the same in every command of `holdfast store`.
 */
#ifndef REPORT_STORE_ROW_H
#define REPORT_STORE_ROW_H

#include "base/json.h"
#include "facts/stores.h"

#define REPORT_MOMENT_MAX 40

/*
 * RFC 3339 with the fraction; beyond the year 9999 its last second. False, and "", for a time that is never or
 * unknown.
 */
bool report_moment(hf_moment moment, char out[REPORT_MOMENT_MAX]);

/* The members of one row, into an object that has begun. */
void report_store_row_json(const facts_store_row *shown, base_json *json);

void report_key_span(base_json *json, const char *key, hf_span value); /* empty: null */
void report_key_moment(base_json *json, const char *key, hf_moment moment);

#endif
