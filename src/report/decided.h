/*
 * report/decided.h: what a browser would do with one URL.
 */
#ifndef REPORT_DECIDED_H
#define REPORT_DECIDED_H

#include "base/json.h"
#include "base/term.h"
#include "facts/decided.h"

/* The object of docs/schema/decide-line.schema.json. */
void report_decided_json(const facts_decided *a, base_json *json);
/* Of a URL that is not malformed. */
void report_decided_text(const facts_decided *a, int64_t now, bool quiet, bool verbose, base_term *term);

#endif
