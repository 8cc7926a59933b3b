/*
 * report/visit.h: visits, for people, or as one JSON document.
 */
#ifndef REPORT_VISIT_H
#define REPORT_VISIT_H

#include "base/json.h"
#include "base/term.h"
#include "facts/visit.h"

/* Every step, and then the outcome. */
void report_visit_text(const facts_visit *visit, base_term *term);
/* The outcome in one line. */
void report_visit_brief(const facts_visit *visit, base_term *term);

/* The objects of docs/schema/visit.schema.json. */
void report_visit_json(const facts_visit *visit, base_json *json);

#endif
