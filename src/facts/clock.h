/*
 * facts/clock.h: how far this machine's clock and those of the servers are apart, by the Date of every answer. The
 * clock is the real one, whatever moment is pretended by --at.
 */
#ifndef FACTS_CLOCK_H
#define FACTS_CLOCK_H

#include "facts/site.h"

typedef struct facts_clock {
    size_t samples; /* answers with a Date */
    int64_t skew;   /* seconds that the server is ahead, the median of all; 0 without samples */
} facts_clock;

facts_clock facts_clock_of(const facts_site *site);

void facts_clock_json(const facts_site *site, base_json *json);

#endif
