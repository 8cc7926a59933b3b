/*
 * report/eligibility.h: what the service behind the preload list finds in a site.
 */
#ifndef REPORT_ELIGIBILITY_H
#define REPORT_ELIGIBILITY_H

#include "base/json.h"
#include "base/term.h"
#include "facts/eligibility.h"
#include "facts/submission.h"

/* `quiet`: the first line alone. */
void report_eligibility_text(const facts_eligibility *e, bool quiet, base_term *term);

/* An item of "hosts" in docs/schema/preload-check.schema.json. */
void report_eligibility_json(const facts_eligibility *e, base_json *json);

/* What the service says of a name. */
void report_submission_text(const facts_submission *submission, base_term *term);
void report_submission_json(const facts_submission *submission, base_json *json);
/* Of a host that could not be asked about: why. */
void report_submission_error_json(const char *host, const char *message, base_json *json);

/* What it answered to "submit" or "remove". `done`: what will be, when there is no error. */
void report_service_text(const facts_eligibility *answer, const char *done, base_term *term);
void report_service_json(const facts_eligibility *answer, const char *request, base_json *json);

#endif
