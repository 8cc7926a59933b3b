/* report/field.h: one STS field value as JSON, the same wherever one is shown: docs/schema/header.schema.json, "field".
 */
#ifndef REPORT_FIELD_H
#define REPORT_FIELD_H

#include "base/json.h"
#include "facts/sts_field.h"

void report_field_json(const facts_sts_value *sent, base_json *json);

#endif
