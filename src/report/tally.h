/*
 * report/tally.h: the closing summary of a run over many hosts.
 */
#ifndef REPORT_TALLY_H
#define REPORT_TALLY_H

#include "base/json.h"
#include "base/term.h"
#include "facts/probed.h"
#include "findings/census.h"

void report_tally_text(const facts_tally *tally, const facts_cost *cost, base_term *term);
/* `census` NULL: nothing was judged. */
void report_tally_json(const facts_tally *tally, const finding_census *census, const facts_cost *cost, base_json *json);

#endif
