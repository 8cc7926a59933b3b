/*
 * report/probe_line.h: what `holdfast probe` says of one host: a line of JSON (docs/schema/probe-line.schema.json) or
 * of text. No line feed ends it.
 */
#ifndef REPORT_PROBE_LINE_H
#define REPORT_PROBE_LINE_H

#include "base/buffer.h"
#include "facts/probed.h"
#include "facts/sts_field.h"
#include "findings/finding.h"

typedef struct report_line_form {
    bool json;
    bool colored; /* text alone */
} report_line_form;

/* Both write to `out`, which must be empty. `findings` NULL: the depth is the field alone. */
void report_probe_line(const report_line_form *form, const facts_probed *probed, const facts_sts_field *sts,
                       const finding_list *findings, base_buffer *out);
void report_refused_line(const report_line_form *form, const facts_refused *refused, base_buffer *out);

#endif
