/*
 * preload/scan.h: a site asked as the service behind the preload list asks it, with the same requests in the same order
 * (preload/issues.h): https://NAME/, the redirects from http://NAME/ and from https://NAME/, and www.
 */
#ifndef PRELOAD_SCAN_H
#define PRELOAD_SCAN_H

#include "preload/eligible.h"

#include "http/fetch.h"

typedef struct preload_scan_options {
    const http_client *client; /* the service gives each request PRELOAD_SCAN_TIMEOUT seconds */
    int64_t now;
    preload_aim aim;
    preload_policy policy; /* for PRELOAD_TO_BE_LISTED */
} preload_scan_options;

#define PRELOAD_SCAN_TIMEOUT 10
#define PRELOAD_SCAN_AGENT "hstspreload-bot" /* what it sends as User-Agent: some servers answer it otherwise */

typedef struct preload_scan {
    base_arena arena; /* of all below; free it with base_arena_done */
    preload_issues issues;
    const hf_span *header;        /* the only Strict-Transport-Security field of https://NAME/; NULL: there is none */
    const facts_failure *failure; /* why https://NAME/ gave no response; NULL: it was not asked, or it gave one */
} preload_scan;

/*
 * `name` as the service gets it: it takes a name in lower case with A-labels for a good one. `done(self)` is called
 * once *result, which is all zero before, is complete: from the loop, or from within when the name alone decides.
 */
void preload_scan_site(const preload_scan_options *options, const char *name, preload_scan *result,
                       void (*done)(void *self), void *self);

#endif
