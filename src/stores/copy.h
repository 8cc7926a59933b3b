/*
 * stores/copy.h: rows from some stores into another. Every source is read twice: first to know which of several rows
 * of a host was noted last, then to write. So no more than 24 octets a row are held.
 */
#ifndef STORES_COPY_H
#define STORES_COPY_H

#include "facts/stores.h"
#include "stores/context.h"
#include "stores/store.h"

#include <stdio.h>

typedef struct stores_copy_options {
    const stores_store *sources;
    size_t source_count;
    const stores_store *target;
    stores_context *context;
    bool live_only; /* leave out what enforces nothing any more */
    bool dry_run;
    FILE *left_out; /* as stores_writer has it */
} stores_copy_options;

/*
 * False, with the reason: nothing was written. Free *copied with stores_copied_done, also then. Hosts that the target
 * will protect less are named on stderr before anything is written.
 */
bool stores_copy(const stores_copy_options *options, facts_store_copied *copied, base_error *error);
void stores_copied_done(facts_store_copied *copied);

#endif
