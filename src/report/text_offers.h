/* report/text_offers.h: the protocols and ciphers of a server, in rows of the text report, for text.c alone. */
#ifndef REPORT_TEXT_OFFERS_H
#define REPORT_TEXT_OFFERS_H

#include "base/table.h"
#include "facts/offers.h"

/* Rows of two cells; none if nobody looked. */
void report_text_offers(base_table *table, const facts_offers *offers);

#endif
