/*
 * batch/worker.h: the process that touches hosts.
 */
#ifndef BATCH_WORKER_H
#define BATCH_WORKER_H

#include "base/sandbox.h"
#include "batch/batch.h"

/* What such a process gives up once it is set up. */
base_sandbox batch_worker_sandbox(const batch_options *options);

/*
 * Takes orders from `fd` and answers there, until the other end is gone; then the process ends. `slots`: how many
 * hosts at most.
 */
_Noreturn void batch_work(const batch_options *options, const batch_hooks *hooks, size_t slots, int fd);

#endif
