/*
 * browsers/releases.h: when a change of the preload list reaches the people who use a browser, by its release calendar.
 * Pure; times are Unix seconds.
 */
#ifndef BROWSERS_RELEASES_H
#define BROWSERS_RELEASES_H

#include "facts/page.h"

#include <stdint.h>

/* The first stable release of Chromium that holds what its list holds at a moment. */
typedef struct browsers_release {
    int64_t branch;         /* when it leaves the main line, with the list of that day */
    int64_t stable;         /* when it is released: updated browsers have the change from then on */
    int64_t before_until;   /* when a browser that is not updated, and was built without the change, stops enforcing */
    int64_t extended_until; /* the same of one that follows the extended stable channel, at the latest */
} browsers_release;

browsers_release browsers_release_with(int64_t landed);

/* When a list that was made at this moment, and is never replaced, stops enforcing; HF_TIME_UNKNOWN: not known. */
int64_t browsers_list_end(facts_engine engine, int64_t made);

#endif
