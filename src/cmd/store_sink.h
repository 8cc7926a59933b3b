/*
 * cmd/store_sink.h: rows on their way into a store of any kind, safely: nothing is changed before the commit, and then all at once (our own
 * store: batch by batch), after what was written has been read back.
 */
#ifndef CMD_STORE_SINK_H
#define CMD_STORE_SINK_H

#include "cmd/store.h"

#include <stdio.h>

#define CMD_STORE_EXAMPLES_MAX 1000

/* What rows lost on the way: one for each bit of hf_losses. */
typedef struct cmd_store_loss {
    hf_loss loss;
    uint64_t count;
    const char *examples[CMD_STORE_EXAMPLES_MAX]; /* the first of them */
} cmd_store_loss;

#define CMD_STORE_LOSSES 32

typedef struct cmd_store_outcome {
    uint64_t kept, gone, added, left_out;
    uint64_t newer; /* not put in, because the store knows something newer */
    bool dry_run;
    const char *backup; /* NULL: there was nothing to keep */
    FILE *list;         /* told of every row that is left out: why, TAB, which; NULL: nobody asked */
    cmd_store_loss *losses[CMD_STORE_LOSSES];
    base_arena arena;
} cmd_store_outcome;

void cmd_store_outcome_done(cmd_store_outcome *outcome);

typedef struct cmd_store_sink cmd_store_sink;

/*
 * Opens a store for a change. Rows of it that `keep` (NULL: all) is true for stay; that is asked of other programs' stores only. With
 * `dry_run` nothing is written. `codec` and `target` must outlive the sink. False, with the reason: the program runs, the file is not ours ...
 */
bool cmd_store_sink_open(const stores_store *target, bool (*keep)(void *self, const hf_row *row), void *self,
                         const cmd_store_codec *codec, bool dry_run, cmd_store_outcome *outcome, cmd_store_sink **sink,
                         base_error *error);
bool cmd_store_sink_add(cmd_store_sink *sink, const hf_row *row, base_error *error);
bool cmd_store_sink_commit(cmd_store_sink *sink, base_error *error);
void cmd_store_sink_close(cmd_store_sink *sink); /* NULL is allowed */

/* What became of it, as text, or as members of an object. */
void cmd_store_outcome_print(const cmd_store_outcome *outcome, const stores_store *target, base_term *term,
                             bool verbose);
void cmd_store_outcome_json(const cmd_store_outcome *outcome, const stores_store *target, base_json *json);

#endif
