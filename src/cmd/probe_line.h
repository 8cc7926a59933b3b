/*
 * cmd/probe_line.h: what `holdfast probe` says of one host: a line of JSON (docs/schema/probe-line.schema.json) or of text. No line
 * feed ends it.
 */
#ifndef CMD_PROBE_LINE_H
#define CMD_PROBE_LINE_H

#include "base/buffer.h"
#include "facts/site.h"
#include "rules/finding.h"

/* Of a line that would be longer the facts are left out. */
#define CMD_PROBE_LINE_MAX ((size_t)64 << 20)

typedef struct cmd_probe_form {
    bool json;
    bool colored; /* text alone */
} cmd_probe_form;

typedef struct cmd_probe_entry {
    uint64_t index;
    const hf_host *host;
    int port;
    facts_depth depth;
    int64_t at;
    unsigned tries;
    int64_t resolve_ms;           /* -1: not done */
    const facts_failure *failure; /* why there is no answer; NULL: there is one */
    const facts_exchange *https;  /* NULL: it did not come so far */
    const facts_site *site;       /* NULL: as above, or its facts are not asked for */
    const rule_report *report;    /* NULL: it was not judged */
} cmd_probe_entry;

/* The STS field that counts, of an exchange without an answer too; false: there is none. */
typedef struct cmd_probe_sts {
    hf_span value;
    size_t count; /* STS fields in all */
    bool valid;
    hf_policy policy;
    bool in_force; /* a browser that gets this holds a policy afterwards */
} cmd_probe_sts;

bool cmd_probe_sts_of(const hf_host *host, const facts_exchange *https, cmd_probe_sts *sts);

/* Both write to `out`, which must be empty. */
void cmd_probe_line(const cmd_probe_form *form, const cmd_probe_entry *entry, base_buffer *out);

/* A line of the list that names no host. `text` is what stands there, or its beginning. */
typedef struct cmd_probe_refusal {
    uint64_t index;
    const char *source;
    uint64_t line;
    hf_span text;
    const char *message;
} cmd_probe_refusal;

void cmd_probe_line_refused(const cmd_probe_form *form, const cmd_probe_refusal *refusal, base_buffer *out);

#endif
