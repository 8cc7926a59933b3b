/*
 * report/store_outcome.h: what became of a change to a store. The JSON writers with `_json` of an outcome write
 * members into an object that has begun, the others a whole object.
 */
#ifndef REPORT_STORE_OUTCOME_H
#define REPORT_STORE_OUTCOME_H

#include "base/json.h"
#include "base/term.h"
#include "facts/stores.h"

/* What holds for every policy that is deleted. */
#define REPORT_FORGOTTEN_COST                                                                                          \
    "This lowers protection on this machine only: nobody else's, and for a preloaded host not even here. The wall "    \
    "returns as soon as the host sends its policy again; only the host can end that, with a sound certificate or "     \
    "max-age=0."

void report_store_outcome_text(const facts_store_outcome *outcome, bool verbose, base_term *term);
void report_store_outcome_json(const facts_store_outcome *outcome, base_json *json);

void report_store_copied_text(const facts_store_copied *copied, bool verbose, base_term *term);
void report_store_copied_json(const facts_store_copied *copied, base_json *json);

void report_store_forgotten_text(const facts_store_forgotten *forgotten, bool verbose, base_term *term);
void report_store_forgotten_json(const facts_store_forgotten *forgotten, base_json *json);

#endif
