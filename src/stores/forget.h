/*
 * stores/forget.h: policies forgotten on the user's word.
 */
#ifndef STORES_FORGET_H
#define STORES_FORGET_H

#include "facts/stores.h"
#include "stores/context.h"
#include "stores/store.h"

/* Names in order, so that a row is held against thousands of them in a few steps. */
typedef struct stores_name_set {
    hf_span *items;
    size_t count, capacity;
} stores_name_set;

/*
 * What to forget: everything; or hosts; or what was noted from `from` to before `to`, unless from is HF_TIME_UNKNOWN.
 */
typedef struct stores_wish {
    bool everything;
    stores_name_set hosts;
    bool subtree;            /* and all names below the hosts */
    stores_name_set parents; /* all names above the hosts */
    int64_t from, to;
    base_arena arena;
} stores_wish;

/* Adds a host, and the names above it. */
void stores_wish_add(stores_wish *wish, const hf_host *host);
/* After the last host. */
void stores_wish_settle(stores_wish *wish);
void stores_wish_done(stores_wish *wish);

/* True if the row shall go. */
bool stores_wish_covers(const stores_wish *wish, const hf_row *row);

/*
 * Forgets what is wished of one store. It is read first: a store that has nothing of it is not touched, and its
 * program may run. False, with the reason: nothing was changed. Free *forgotten with
 * stores_outcome_done(&forgotten->outcome), also then.
 */
bool stores_forget(const stores_wish *wish, const stores_store *store, const stores_context *context, bool dry_run,
                   facts_store_forgotten *forgotten, base_error *error);

#endif
