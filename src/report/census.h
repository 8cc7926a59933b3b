/*
 * report/census.h: what many judged hosts come to together.
 */
#ifndef REPORT_CENSUS_H
#define REPORT_CENSUS_H

#include "base/json.h"
#include "base/term.h"
#include "findings/census.h"

/* `hosts`: of the whole run; those that an earlier run of --resume judged are not in the census. */
void report_census_text(const finding_census *census, uint64_t hosts, base_term *term);
/* The member "judged" of docs/schema/probe.schema.json. */
void report_census_json(const finding_census *census, uint64_t hosts, base_json *json);

#endif
