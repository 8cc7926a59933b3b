/* report/text_names.h: what the DNS says of the names of a site, in rows of the text report, for text.c alone. */
#ifndef REPORT_TEXT_NAMES_H
#define REPORT_TEXT_NAMES_H

#include "base/table.h"
#include "facts/dns.h"

/* Rows of two cells. */
void report_text_names(base_table *table, const facts_names *names);

#endif
