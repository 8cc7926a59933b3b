/*
 * batch/workers.h: the processes that touch hosts, as the supervisor sees them.
 */
#ifndef BATCH_WORKERS_H
#define BATCH_WORKERS_H

#include "batch/batch.h"
#include "batch/frame.h"

#include <sys/types.h>

typedef struct batch_worker {
    pid_t pid; /* 0: not running */
    int fd;
    base_buffer in, out;
    size_t sent;    /* octets of `out` that are gone */
    size_t at_work; /* hosts */
} batch_worker;

/* One more than asked for: the last is for hosts that may have killed one of the others. */
typedef struct batch_workers {
    const batch_options *options;
    const batch_hooks *hooks;
    size_t slots; /* hosts at most */
    int count;    /* without that last one */
    /* Called in a new process, to close what is not its own. */
    void (*close_inherited)(void *self);
    void *self;
    batch_worker items[BATCH_JOBS_MAX + 1];
} batch_workers;

/*
 * The one with the least to do; a further one is started when all have much. -1, with the reason: none can be
 * started.
 */
int batch_workers_pick(batch_workers *workers, base_error *error);
/* Starts it if it is not running. */
bool batch_workers_start(batch_workers *workers, int which, base_error *error);

/* Both send or read what there is, without waiting. False: the process is gone, or about to be. */
bool batch_worker_send(batch_worker *worker);
bool batch_worker_read(batch_worker *worker);

/* Ends a process, or learns how it ended: what to say of it lies in `how`. */
void batch_worker_end(batch_worker *worker, char *how, size_t size);
void batch_workers_end(batch_workers *workers);

#endif
