/*
 * report/report.h: findings, written for somebody: one file a format, and one table of them.
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "facts/site.h"
#include "findings/judgement.h"

#include "base/term.h"

/* A site, what was seen of it, and what follows. */
typedef struct report_item {
    const facts_site *site;
    const finding_judgement *judgement;
} report_item;

typedef struct report_format {
    const char *name;
    /* Writes all of it to term->out, or with `brief` the verdicts alone. False, with the reason, if that fails. */
    bool (*write)(const report_item *items, size_t count, bool brief, base_term *term, base_error *error);
} report_format;

/* A format is a line here and a file that ends with its report_format_NAME. */
#define REPORT_FORMAT_MAP(X) X(text) X(json)

#define REPORT_FORMAT_NAME(name) " " #name
#define REPORT_FORMAT_NAMES "one of" REPORT_FORMAT_MAP(REPORT_FORMAT_NAME)

/* NULL if there is no such format. */
const report_format *report_find(const char *name);

#endif
