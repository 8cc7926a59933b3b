/*
 * facts/preloaded.h: what preload lists say about a name, whatever their age.
 */
#ifndef FACTS_PRELOADED_H
#define FACTS_PRELOADED_H

#include "holdfast/preload.h"

/* What became of a name between two lists. */
typedef enum facts_preload_change {
    FACTS_PRELOAD_ADDED,
    FACTS_PRELOAD_REMOVED,
    FACTS_PRELOAD_CHANGED, /* its flag */
    FACTS_PRELOAD_CHANGES,
} facts_preload_change;

typedef struct facts_preloaded {
    hf_span text;
    hf_diag diag; /* why the name is refused; status HF_OK: it is not */
    hf_host host;
    const hf_preload *list; /* that covers it; NULL: none that was asked does */
    bool unknown;           /* no list of names was there to be asked, and the built-in domains do not tell */
    hf_preload_match match;
} facts_preloaded;

#endif
