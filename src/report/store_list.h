/*
 * report/store_list.h: the rows of stores, streamed: as JSON, as JSON Lines, as CSV, as text.
 */
#ifndef REPORT_STORE_LIST_H
#define REPORT_STORE_LIST_H

#include "base/json.h"
#include "base/term.h"
#include "facts/stores.h"

/* A document a line. */
void report_store_row_line(const facts_store *store, const facts_store_row *row, base_buffer *out);
void report_store_damage_line(const facts_store *store, const hf_row_damage *damage, base_buffer *out);
/* An object of `damaged`. */
void report_store_damage_json(const hf_row_damage *damage, base_json *json);

void report_store_csv_head(base_buffer *out);
void report_store_row_csv(const facts_store *store, const facts_store_row *shown, base_buffer *out);
void report_store_damage_csv(const facts_store *store, const hf_row_damage *damage, base_buffer *out);

/* The end of the policy, which is always as wide, and the name. */
void report_store_row_text(const facts_store_row *shown, bool verbose, base_term *term);
/* A warning on standard error. */
void report_store_damage_text(const facts_store *store, const hf_row_damage *damage);

typedef struct report_store_counts {
    uint64_t entries, expired, damaged, nameless;
} report_store_counts;

void report_store_counts_text(const report_store_counts *counts, base_term *term);

#endif
