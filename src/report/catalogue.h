/* report/catalogue.h: the catalogue of findings, for people. */
#ifndef REPORT_CATALOGUE_H
#define REPORT_CATALOGUE_H

#include "base/term.h"
#include "findings/catalogue.h"

/* Every finding by family: id, severity, title. */
void report_catalogue(base_term *term);

/* All that the catalogue says of one. */
void report_catalogue_entry(const rule_entry *rule, base_term *term);

#endif
