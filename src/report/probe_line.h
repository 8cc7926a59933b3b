/*
 * report/probe_line.h: what `holdfast probe` says of one host: a line of JSON (docs/schema/probe-line.schema.json) or of text. No line
 * feed ends it.
 */
#ifndef REPORT_PROBE_LINE_H
#define REPORT_PROBE_LINE_H

#include "base/buffer.h"
#include "facts/probed.h"
#include "findings/finding.h"

typedef struct report_line_form {
    bool json;
    bool colored; /* text alone */
} report_line_form;

/* The STS field that counts, of an exchange without an answer too; false: there is none. */
typedef struct report_sts {
    hf_span value;
    size_t count; /* STS fields in all */
    bool valid;
    hf_policy policy;
    bool in_force; /* a browser that gets this holds a policy afterwards */
} report_sts;

bool report_sts_of(const hf_host *host, const facts_exchange *https, report_sts *sts);

/* Both write to `out`, which must be empty. `findings` NULL: the host was not judged. */
void report_probe_line(const report_line_form *form, const facts_probed *probed, const finding_list *findings,
                       base_buffer *out);
void report_refused_line(const report_line_form *form, const facts_refused *refused, base_buffer *out);

#endif
