/* report/text_mended.h: the chain that should be sent, in rows of the text reports. */
#ifndef REPORT_TEXT_MENDED_H
#define REPORT_TEXT_MENDED_H

#include "base/table.h"
#include "facts/mended.h"

/* Rows of two cells; none if nobody asked for it. */
void report_text_mended(base_table *table, const facts_mended *mended);

#endif
