/*
 * report/report.h: findings, written for somebody: one file a format, and one table of them.
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "facts/site.h"
#include "findings/estate.h"

#include "base/term.h"

/* A site, what was seen of it, and what follows. */
typedef struct report_item {
    const facts_site *site;
    const finding_judgement *judgement;
} report_item;

typedef enum report_extent {
    REPORT_BRIEF,    /* the verdicts alone */
    REPORT_FINDINGS, /* with what was found, and what follows from all of it together */
    REPORT_WHOLE,    /* with what it rests on too */
    REPORT_ALL,      /* and of what is many, each */
} report_extent;

typedef struct report_format {
    const char *name;
    /* Writes it to term->out. False, with the reason, if that fails. */
    bool (*write)(const report_item *items, size_t count, report_extent extent, base_term *term, base_error *error);
} report_format;

/* A format is a line here and a file that ends with its report_format_NAME. */
#define REPORT_FORMAT_MAP(X) X(text) X(json)

#define REPORT_FORMAT_NAME(name) " " #name
#define REPORT_FORMAT_NAMES "one of" REPORT_FORMAT_MAP(REPORT_FORMAT_NAME)

/* The items together; everything lies in the arena. */
finding_estate report_estate_of(const report_item *items, size_t count, base_arena *arena);

/* NULL if there is no such format. */
const report_format *report_find(const char *name);

#endif
