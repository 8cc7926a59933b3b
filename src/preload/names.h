/*
 * preload/names.h: a list while it is read: names in their canonical form, and what is known of where they come from.
 */
#ifndef PRELOAD_NAMES_H
#define PRELOAD_NAMES_H

#include "preload/compile.h"

#include "base/memory.h"

#define PRELOAD_LIFE_CHROMIUM (INT64_C(70) * 86400)    /* net/http/transport_security_state.cc: kMaxBuildAge */
#define PRELOAD_LIFE_FIREFOX (INT64_C(18) * 7 * 86400) /* getHSTSPreloadList.js: MINIMUM_REQUIRED_MAX_AGE */

typedef struct preload_names {
    base_arena arena;
    hf_preload_entry *entries;
    size_t count, capacity;
    const char *source; /* what the list calls itself; NULL: nothing, and `maker` and `list_time` stand for it */
    const char *maker;  /* whose list it is: "Chromium"; NULL: nobody says */
    int64_t list_time;  /* HF_TIME_UNKNOWN: nobody says */
    int64_t life;
} preload_names;

void preload_names_init(preload_names *names);
void preload_names_done(preload_names *names);

/* Adds a name as it stands in a list. False with the reason: it is not a name that a policy could stand for. */
bool preload_names_add(preload_names *names, const char *name, size_t length, bool include_subdomains,
                       base_error *error);

/* Sorts them by strcmp; of a name that stands there twice alike, one is kept. False: it stands there with both flags.
 */
bool preload_names_sort(preload_names *names, base_error *error);

/* Reads a list of whatever kind (see reader.h), sorted, from `path`; "-" is standard input. */
bool preload_names_load(preload_names *names, const char *path, base_error *error);

/* What list this is, for people: "Chromium 2026-06-01"; empty if nothing is known of it. */
const char *preload_names_source(preload_names *names);

/* The image of the list; appends to `image`, which is empty. */
bool preload_names_compile(preload_names *names, base_buffer *image, base_error *error);

#endif
