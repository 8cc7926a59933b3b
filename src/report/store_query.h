/*
 * report/store_query.h: what a store says about one host.
 */
#ifndef REPORT_STORE_QUERY_H
#define REPORT_STORE_QUERY_H

#include "base/json.h"
#include "base/term.h"
#include "facts/stores.h"

void report_store_answer_text(const facts_store_answer *asked, int64_t now, base_term *term);
/* An object of `answers` in docs/schema/store-query.schema.json. */
void report_store_answer_json(const facts_store_answer *asked, base_json *json);

#endif
