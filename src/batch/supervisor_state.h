/*
 * batch/supervisor_state.h: what the parts of the supervisor share: intake (the list), deal (whose turn it is, and
 * what workers say), suspects (hosts that a worker may have died of), marks (the state of --resume), supervisor (the
 * loop). Nobody else includes this.
 */
#ifndef BATCH_SUPERVISOR_STATE_H
#define BATCH_SUPERVISOR_STATE_H

#include "base/progress.h"
#include "batch/batch.h"
#include "batch/schedule.h"
#include "batch/state.h"
#include "batch/targets.h"
#include "batch/workers.h"

#define BATCH_BACKLOG_MAX ((size_t)4 << 20) /* octets that wait for the output; with more, no host is begun */

typedef struct batch_supervisor {
    const batch_options *options;
    const batch_hooks *hooks;
    batch_outcome *outcome;
    int64_t began, now, last_mark, last_lasting, stop_by; /* microseconds; stop_by: 0 until a signal comes */
    batch_schedule *schedule;
    batch_targets targets;
    batch_output output;
    batch_workers workers;
    base_progress progress;
    bool list_ended;
    uint64_t done, passed_before; /* of this run; octets of the list that were passed over */
    unsigned deaths;              /* of workers, without a result between */
    size_t *suspects;             /* slots of hosts that were at work when a worker died */
    size_t suspect_count;
    base_buffer line, note;
    /* --resume */
    bool has_state, changed;
    batch_state state;
    batch_mark mark; /* where the run before this one came to */
    size_t mark_at;  /* of its open hosts, those that have been taken */
    bool verified;   /* the list is the same up to there */
} batch_supervisor;

/* The first failure is the one that counts. The outcome's error says what it is. */
void batch_supervisor_fail(batch_supervisor *s, int code);

/* True if the output takes no more for now. */
bool batch_supervisor_is_full(const batch_supervisor *s);

/* Hands a finished line on. */
void batch_supervisor_deliver(batch_supervisor *s, uint64_t index, const char *line, size_t length);

/* -- intake.c ------------------------------------------------------------------------------------------------------ */

/* Takes hosts in from the list while there is room. */
void batch_intake(batch_supervisor *s);
/* Reads the list to its end: false, with the reason, unless it is that of the run before, which is complete. */
bool batch_intake_is_same_list(batch_supervisor *s);
/* True if there is room for more of the list. */
bool batch_intake_has_room(const batch_supervisor *s);

/* -- deal.c -------------------------------------------------------------------------------------------------------- */

/* Gives workers what is due. */
void batch_deal(batch_supervisor *s);
void batch_deal_begin(batch_supervisor *s, int which, batch_item *item, bool go);
/* Reads what a worker says, or that it is gone. */
void batch_deal_hear(batch_supervisor *s, int which);
/* `item` is no longer at work in its worker. */
/* `line`, of `length` octets, with the note behind it. */
void batch_deal_conclude(batch_supervisor *s, batch_item *item, const batch_result *result, const char *line,
                         size_t length);

/* -- suspects.c ---------------------------------------------------------------------------------------------------- */

void batch_suspects_deal(batch_supervisor *s);
/* A worker is gone: its hosts are tried again elsewhere, or one of them is what it died of. */
void batch_suspects_gather(batch_supervisor *s, int which);

/* -- marks.c ------------------------------------------------------------------------------------------------------- */

/* Writes the lines to a file, and from time to time a mark. */
void batch_marks_keep(batch_supervisor *s);
/* All lines are in the output when this is called. */
void batch_marks_write(batch_supervisor *s, bool lasting);

#endif
