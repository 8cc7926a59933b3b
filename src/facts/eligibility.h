/*
 * facts/eligibility.h: whether the service behind the preload list would take a site, or let it go. Plain values.
 */
#ifndef FACTS_ELIGIBILITY_H
#define FACTS_ELIGIBILITY_H

#include "holdfast/status.h"

#include <stdbool.h>
#include <stddef.h>

/* Something that the service finds. */
typedef struct facts_issue {
    const char *code; /* the service's own */
    const char *text;
    const char *proof; /* NULL: none */
    bool error;        /* it stands in the way */
} facts_issue;

typedef struct facts_eligibility {
    const char *host; /* as the service gets it */
    bool removal;     /* the question is whether it may be removed */
    bool seen;        /* false: this machine could not look */
    bool eligible;
    const char *header; /* the one that https://HOST/ sends; NULL: none, or several */
    const facts_issue *issues;
    size_t count, errors;
    const char *dispute; /* where the service reads the header otherwise than RFC 6797 and browsers; NULL: nowhere */
} facts_eligibility;

#endif
