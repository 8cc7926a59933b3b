/* report/text_certificate.h: the certificates of a chain, in rows of the text reports. */
#ifndef REPORT_TEXT_CERTIFICATE_H
#define REPORT_TEXT_CERTIFICATE_H

#include "base/table.h"
#include "facts/tls.h"

/* Rows of two cells; none without a certificate. */
void report_text_certificate(base_table *table, const facts_tls *tls, int64_t now);

#endif
