/*
 * base/process.h: other programs, run without a shell, bounded in time and in what they may write.
 */
#ifndef BASE_PROCESS_H
#define BASE_PROCESS_H

#include "base/buffer.h"

#include <signal.h>
#include <stdbool.h>

#define BASE_PROCESS_COMMANDS_MAX 4

typedef struct base_process {
    /* Each command is its arguments, ended by NULL, and reads what the one before it writes; the first reads nothing.
     * NULL ends them. */
    const char *const *commands[BASE_PROCESS_COMMANDS_MAX + 1];
    const char *folder;       /* where they run; NULL: here */
    int seconds;              /* after which they are killed */
    base_buffer *out;         /* gets what the last one writes; its maximum bounds that */
    void (*tick)(void *self); /* called now and then while they run; NULL: nothing is */
    void *self;
} base_process;

/* True if all of them ended with 0. Otherwise the reason has the last line that they wrote to standard error. */
bool base_process_run(const base_process *process, base_error *error);

/*
 * Keeps SIGINT, SIGTERM and SIGHUP back, so that what was begun can be cleared away first: a process that runs
 * meanwhile is killed when one comes, and the signal takes effect with base_signals_release.
 */
void base_signals_hold(sigset_t *before);
void base_signals_release(const sigset_t *before);

#endif
