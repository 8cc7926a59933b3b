/*
 * report/probe_fields.h: the members of a line of `holdfast probe --jsonl`, by their dotted names: one table of them,
 * from which lines of JSON, rows of CSV and rows of a table are made.
 */
#ifndef REPORT_PROBE_FIELDS_H
#define REPORT_PROBE_FIELDS_H

#include "base/json.h"
#include "facts/probed.h"
#include "facts/sts_field.h"
#include "findings/judgement.h"

#define REPORT_FIELDS_MAX 64

/* What a line tells of: a host, or a refused line of the list. */
typedef struct report_probed {
    const facts_probed *probed; /* NULL: refused */
    const facts_sts_field *sts;
    const finding_judgement *judgement; /* NULL: nothing was judged */
    bool with_verdict;
    bool without_facts; /* they would make the line too long */
    const facts_refused *refused;
} report_probed;

/* A field that was asked for: a member ("host"), an object ("sts"), or a member of one ("sts.max_age"). */
typedef struct report_column {
    const char *name;
    size_t first, end; /* of its rows in the table */
} report_column;

typedef struct report_fields {
    report_column columns[REPORT_FIELDS_MAX];
    size_t count; /* 0: all, in JSON */
} report_fields;

/* Adds what `text` names, with commas between. False, with the reason: there is no such field. */
bool report_fields_read(report_fields *fields, const char *text, base_error *error);

/* True if one of them is in `object`, or is it. */
bool report_fields_have(const report_fields *fields, const char *object);

/* The members of the object of a host's line. */
void report_fields_json(const report_fields *fields, const report_probed *item, base_json *json);

/* A cell: text as it is, an array of texts with blanks between, all else as JSON has it; empty: null, or not there. */
void report_column_text(const report_column *column, const report_probed *item, base_buffer *out);

/* How many columns of a terminal its values usually take. */
size_t report_column_width(const report_column *column);

#endif
