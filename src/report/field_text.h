/*
 * report/field_text.h: one STS field value explained to a person: verdict, policy in words, each note under its octets.
 */
#ifndef REPORT_FIELD_TEXT_H
#define REPORT_FIELD_TEXT_H

#include "base/term.h"
#include "facts/sts_field.h"

/* With `quiet` the verdict alone; with `verbose` the canonical form too. */
void report_field_text(const facts_sts_value *field, bool quiet, bool verbose, base_term *term);

#endif
