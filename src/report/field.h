/* report/field.h: one STS field value as JSON, the same wherever one is shown: docs/schema/header.schema.json, "field". */
#ifndef REPORT_FIELD_H
#define REPORT_FIELD_H

#include "base/json.h"
#include "holdfast/header.h"

/* `policy` counts only if the field is valid. */
void report_field_json(hf_span value, bool valid, const hf_policy *policy, const hf_note *notes, size_t note_count,
                       base_json *json);

#endif
