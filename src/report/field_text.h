/*
 * report/field_text.h: one STS field value explained to a person: verdict, policy in words, each note under its octets.
 */
#ifndef REPORT_FIELD_TEXT_H
#define REPORT_FIELD_TEXT_H

#include "base/term.h"
#include "facts/sts_field.h"

void report_field_policy(const facts_sts_value *field, base_term *term);
void report_field_notes(const facts_sts_value *field, base_term *term);

#endif
