/*
 * report/store_where.h: the stores of a user.
 */
#ifndef REPORT_STORE_WHERE_H
#define REPORT_STORE_WHERE_H

#include "base/json.h"
#include "base/term.h"
#include "facts/stores.h"

void report_store_places_json(const facts_store_place *places, size_t count, base_buffer *out);
void report_store_places_lines(const facts_store_place *places, size_t count, base_buffer *out);
void report_store_places_csv(const facts_store_place *places, size_t count, base_buffer *out);
/* Why a store cannot be read goes to standard error. */
void report_store_places_text(const facts_store_place *places, size_t count, base_term *term);

#endif
