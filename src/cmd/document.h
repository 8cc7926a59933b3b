/*
 * cmd/document.h: one JSON document on standard output.
 */
#ifndef CMD_DOCUMENT_H
#define CMD_DOCUMENT_H

#include "base/json.h"

#include <stddef.h>

/* `max`: octets that the document may have. */
void cmd_document_begin(base_buffer *out, base_json *json, size_t max);

/* Writes it out, with a line feed behind, and frees it. False, with the reason. */
bool cmd_document_end(base_buffer *out, base_error *error);

#endif
