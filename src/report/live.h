/* report/live.h: what a running server sends, beside what its configuration predicts, as text and as JSON. */
#ifndef REPORT_LIVE_H
#define REPORT_LIVE_H

#include "base/json.h"
#include "base/term.h"
#include "facts/live.h"

/* `quiet`: what differs alone. */
void report_live_text(const facts_live *live, bool quiet, base_term *term);
/* The object of docs/schema/config-check.schema.json. */
void report_live_json(const facts_live *live, base_json *json);

#endif
