/*
 * batch/state.h: the file of --resume: how far a run has come (docs/formats/probe-state.md).
 *
 * It holds four marks. A mark is a moment of the run, whole in itself: what is in the output, and which hosts are.
 * Marks are written in turn, never over the newest, so that a death at any instant leaves a whole one.
 */
#ifndef BATCH_STATE_H
#define BATCH_STATE_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BATCH_MARKS 4
#define BATCH_COUNTS_MAX 256
#define BATCH_OPEN_MAX 20480 /* hosts that a run holds at most: batch/schedule.h */
#define BATCH_OPTIONS_MAX 1024

typedef struct batch_mark {
    uint64_t sequence;                   /* the higher the newer */
    uint64_t output_length, output_hash; /* the output holds the lines of all that is done, and nothing else */
    uint64_t next;                       /* all hosts from here on are to be done */
    uint64_t input_hash;                 /* of the list up to there */
    uint64_t counts[BATCH_COUNTS_MAX];   /* for the closing summary */
    size_t count;
    uint64_t *open; /* hosts before `next` that are to be done, ascending */
    size_t open_count;
    unsigned place; /* which of the four it is */
    bool complete;  /* the list is at its end, and all is done */
} batch_mark;

typedef struct batch_state {
    const char *path;
    int fd;
    uint64_t sequence;
    unsigned turn[2]; /* which of its two places a mark of either kind was written to last */
} batch_state;

/*
 * Takes the file's octets apart: the marks that are whole, the newest first; their number, or 0 with the reason.
 * `options` is what the run was begun with; a file of other options is refused. Give each mark back with
 * batch_mark_done.
 */
size_t batch_state_read(const unsigned char *bytes, size_t length, const char *options,
                        batch_mark marks[static BATCH_MARKS], base_error *error);
void batch_mark_done(batch_mark *mark);

/*
 * Opens `path`, or makes it, and keeps other runs out of it. *marks and *count as above; no marks and true: the file
 * is new. A file that some other program made is never written to.
 */
bool batch_state_open(batch_state *state, const char *path, const char *options, batch_mark marks[static BATCH_MARKS],
                      size_t *count, base_error *error);
void batch_state_close(batch_state *state);

/*
 * Writes a mark. `lasting`: the output has been brought to the disk, and this mark is too, beside two others that
 * need not last. Its sequence is given here.
 */
bool batch_state_write(batch_state *state, batch_mark *mark, bool lasting, base_error *error);

#endif
