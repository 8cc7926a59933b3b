/*
 * cmd/field_text.h: one STS field value explained to a person: verdict, policy in words, each note under its octets.
 */
#ifndef CMD_FIELD_TEXT_H
#define CMD_FIELD_TEXT_H

#include "base/term.h"
#include "cmd/field.h"

void cmd_field_print_policy(const cmd_field *field, base_term *term);
void cmd_field_print_notes(const cmd_field *field, base_term *term);

#endif
