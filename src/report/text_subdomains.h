/* report/text_subdomains.h: what becomes of the names below a site, in rows of the text report, for text.c alone. */
#ifndef REPORT_TEXT_SUBDOMAINS_H
#define REPORT_TEXT_SUBDOMAINS_H

#include "base/table.h"
#include "facts/subdomains.h"

/* Rows of two cells; `whole`: of every name, else of those that are bad or unknown, and not of all. */
void report_text_subdomains(base_table *table, const facts_subdomains *subdomains, bool whole);

#endif
