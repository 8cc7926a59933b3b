/* report/finding.h: one finding, as text for people and as JSON, the same wherever one is shown. */
#ifndef REPORT_FINDING_H
#define REPORT_FINDING_H

#include "base/term.h"
#include "findings/finding.h"

void report_finding_text(const finding *item, base_term *term);

/* An object: docs/schema/check.schema.json, "finding". */
void report_finding_json(const finding *item, base_json *json);

#endif
