/* report/formats.h: the writers that report.c lists. */
#ifndef REPORT_FORMATS_H
#define REPORT_FORMATS_H

#include "report/report.h"

bool report_text(const report_item *items, size_t count, bool brief, base_term *term, base_error *error);
bool report_json(const report_item *items, size_t count, bool brief, base_term *term, base_error *error);

#endif
