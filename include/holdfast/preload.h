/*
 * holdfast/preload.h: the seam to a preload list (RFC 6797 12.3): hosts that are known before the first visit.
 *
 * hf_preload is an interface: a look-up function and the life of the list. hf_preload_from_table makes one from a sorted table.
 * The answer to a name is its most specific covering entry, as in Chromium: the name itself if it is listed (with or without
 * include_subdomains), else the nearest ancestor that is listed with include_subdomains.
 *
 * Thread rule: immutable once made; any number of threads may ask at once.
 */
#ifndef HOLDFAST_PRELOAD_H
#define HOLDFAST_PRELOAD_H

#include "holdfast/host.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The covering entry: the part of the host's name from `offset` to its end is the name listed. */
typedef struct hf_preload_match {
    size_t offset;
    bool include_subdomains;
} hf_preload_match;

/* Get one from hf_preload_init(), and have it filled in or do so. */
typedef struct hf_preload {
    size_t size;
    /* True, and *match set, if `host` (always of kind HF_HOST_NAME) is covered. No allocation, no state. */
    bool (*cover)(const void *self, const hf_host *host, hf_preload_match *match);
    const void *self;
    const char *source; /* what list this is, for people: "Chromium 2026-06-01"; may be NULL */
    int64_t list_time;  /* when the list was made; HF_TIME_UNKNOWN */
    int64_t life;       /* seconds after list_time during which it may enforce; HF_TIME_NEVER: for ever */
} hf_preload;

HF_DEFINE_INIT(hf_preload)

/* True if the list may no longer enforce at `now`: its stated life is over. Never for a life of HF_TIME_NEVER. */
HF_API bool hf_preload_is_stale(const hf_preload *preload, int64_t now);

typedef struct hf_preload_entry {
    const char *name; /* canonical, NUL-terminated */
    bool include_subdomains;
} hf_preload_entry;

typedef struct hf_preload_table {
    const hf_preload_entry
        *entries; /* sorted by strcmp of name, no name twice; the caller's, and must outlive the table */
    size_t count;
} hf_preload_table;

/*
 * Fills in *preload for a table. `table` and its entries must outlive it. HF_E_ARGUMENT if *preload has no size, or the entries are
 * not sorted, or a name appears twice; looks at each once. `source` may be NULL; list_time and life as in hf_preload.
 */
HF_API HF_MUST_USE hf_status hf_preload_from_table(const hf_preload_table *table, const char *source, int64_t list_time,
                                                   int64_t life, hf_preload *preload);

#ifdef __cplusplus
}
#endif
#endif
