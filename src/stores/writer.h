/*
 * stores/writer.h: rows on their way into a store of any kind, safely: nothing is changed before the commit, and then
 * all at once (our own store: batch by batch), after what was written has been read back.
 */
#ifndef STORES_WRITER_H
#define STORES_WRITER_H

#include "base/folder.h"
#include "facts/stores.h"
#include "stores/context.h"
#include "stores/store.h"

#include <stdio.h>

typedef struct stores_writer_options {
    const stores_store *target;
    const stores_context *context;
    /*
     * Rows of the target for which it is true stay; NULL: all do. Only rows of other programs' stores are asked
     * about.
     */
    bool (*keep)(void *self, const hf_row *row);
    void *self;
    bool must_exist; /* another program's store that is not there is not made */
    bool dry_run;    /* nothing is written */
    FILE *left_out;  /* gets a line for every row that is left out: why, TAB, which; NULL: nobody asked */
} stores_writer_options;

#define STORES_BACKUP_ENDING "holdfast-backup"

/* Where a store lies that got the name `kept` beside its place; in the arena. `folder` as of a stores_way. */
const char *stores_backup_path(base_arena *arena, const base_folder *folder, const base_place *place, const char *kept);

void stores_outcome_done(facts_store_outcome *outcome);

typedef struct stores_writer stores_writer;

/*
 * Opens a store for a change. What the options point to must outlive the writer. False, with the reason: the program
 * runs, the file belongs to somebody else ...
 */
bool stores_writer_open(const stores_writer_options *options, facts_store_outcome *outcome, stores_writer **writer,
                        base_error *error);
bool stores_writer_add(stores_writer *writer, const hf_row *row, base_error *error);
bool stores_writer_commit(stores_writer *writer, base_error *error);
void stores_writer_close(stores_writer *writer); /* NULL is allowed */

#endif
