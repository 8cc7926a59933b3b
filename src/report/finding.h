/* report/finding.h: one finding, as text for people and as JSON, the same wherever one is shown. */
#ifndef REPORT_FINDING_H
#define REPORT_FINDING_H

#include "base/term.h"
#include "findings/snippet.h"
#include "report/report.h"

/* The snippets that a report has shown: each is shown once. All zero: none yet. */
typedef struct report_snippets {
    base_arena arena;
    struct report_snippet {
        const char *text;
        rule_id rule; /* the finding that it was shown for */
    } * items;
    size_t count, capacity;
} report_snippets;

void report_snippets_done(report_snippets *shown);

/* The lines of a text, each indented by `indent`. */
void report_lines(const char *text, size_t indent, base_term *term);

/* `item` is a finding about `site`. A notice comes without lines to paste: JSON and `holdfast help` have them. */
void report_finding_text(const report_item *site, const finding *item, report_snippets *shown, base_term *term);

/* An object: docs/schema/check.schema.json, "finding". */
void report_finding_json(const report_item *site, const finding *item, base_json *json);

#endif
