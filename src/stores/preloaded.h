/*
 * stores/preloaded.h: what the preload list of a store's program says about a host.
 */
#ifndef STORES_PRELOADED_H
#define STORES_PRELOADED_H

#include "facts/stores.h"
#include "preload/lists.h"

/* The names of a host's walk upwards for which the store has its own say, by where each begins in the host's name. */
typedef struct stores_walk {
    bool has_say[HF_HOST_MAX];
} stores_walk;

/*
 * Asks the list that the program of `kind` has built in, or else another for comparison. Firefox asks its list only
 * for names that its store says nothing about (`walk`).
 */
facts_store_listed stores_ask_list(const preload_lists *lists, const char *kind, const hf_host *host,
                                   const stores_walk *walk, int64_t now);

#endif
