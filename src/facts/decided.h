/*
 * facts/decided.h: what a conforming browser would do with one URL. Plain values: a command decides, src/report
 * prints them.
 */
#ifndef FACTS_DECIDED_H
#define FACTS_DECIDED_H

#include "holdfast/decide.h"
#include "holdfast/url.h"

#include <stdbool.h>

typedef struct facts_decided {
    hf_span text;
    bool malformed;    /* `diag` says why, and nothing below `diag` is set */
    bool lacks_scheme; /* it is, though the engine takes the host for a scheme that it does not know */
    hf_diag diag;
    hf_url url;
    hf_verdict verdict;
    hf_span request; /* the URL to request, upgraded or not; empty if it is malformed */
} facts_decided;

#endif
