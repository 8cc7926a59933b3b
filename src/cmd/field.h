/*
 * cmd/field.h: one STS field value, read and written as JSON, for every command that shows one.
 */
#ifndef CMD_FIELD_H
#define CMD_FIELD_H

#include "base/json.h"
#include "holdfast/header.h"

typedef struct cmd_field {
    const char *value;
    size_t length;
    bool valid;
    hf_policy policy; /* when valid */
    hf_notes notes;   /* all of them */
} cmd_field;

/* `field` is all zero at first, and may be read into again. `value` must outlive it. */
void cmd_field_read(cmd_field *field, const char *value, size_t length);
void cmd_field_done(cmd_field *field);

/* The object of docs/schema/header-line.schema.json. */
void cmd_field_json(const cmd_field *field, base_json *json);

#endif
