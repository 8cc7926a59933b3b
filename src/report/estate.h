/*
 * report/estate.h: what ends a report about several sites: a table of them, what they have in common, and what to do
 * first.
 */
#ifndef REPORT_ESTATE_H
#define REPORT_ESTATE_H

#include "base/json.h"
#include "base/term.h"
#include "findings/estate.h"
#include "report/finding.h"

/* What was found at all of them, with the proof of one. */
void report_estate_everywhere(const finding_estate *estate, report_snippets *shown, base_term *term);

void report_estate_text(const finding_estate *estate, base_term *term);

/* The member "summary" of docs/schema/check.schema.json. */
void report_estate_json(const finding_estate *estate, base_json *json);

#endif
