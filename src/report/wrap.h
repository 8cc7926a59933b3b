/* report/wrap.h: running text on a terminal, for the reports that people read. */
#ifndef REPORT_WRAP_H
#define REPORT_WRAP_H

#include "base/term.h"

/* Prints `text` broken at blanks to the width of the terminal, every line indented by `indent`. */
void report_wrap(base_term *term, size_t indent, const char *text);

/* The same, but the first line goes on behind `indent` columns that are printed already. */
void report_wrap_behind(base_term *term, size_t indent, const char *text);

#endif
