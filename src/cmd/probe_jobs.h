/*
 * cmd/probe_jobs.h: the processes that touch hosts, as the one that began them sees them.
 */
#ifndef CMD_PROBE_JOBS_H
#define CMD_PROBE_JOBS_H

#include "cmd/probe.h"
#include "cmd/probe_frame.h"

#include <sys/types.h>

typedef struct cmd_probe_job {
    pid_t pid; /* 0: not running */
    int fd;
    base_buffer in, out;
    size_t sent;    /* octets of `out` that are gone */
    size_t at_work; /* hosts */
} cmd_probe_job;

/* One more than asked for: the last is for hosts that may have killed one of the others. */
typedef struct cmd_probe_jobs {
    const cmd_probe_settings *settings;
    const cmd_probe_form *form;
    size_t slots; /* hosts at most */
    int count;    /* without that last one */
    /* Called in a new process, to close what is not its own. */
    void (*leave)(void *self);
    void *self;
    cmd_probe_job items[CMD_PROBE_JOBS_MAX + 1];
} cmd_probe_jobs;

/* The one with the least to do; a further one is started when all have much. -1, with the reason: none can be started. */
int cmd_probe_jobs_pick(cmd_probe_jobs *jobs, base_error *error);
/* Starts it if it is not running. */
bool cmd_probe_jobs_start(cmd_probe_jobs *jobs, int which, base_error *error);

/* Both send or read what there is, without waiting. False: the process is gone, or about to be. */
bool cmd_probe_job_send(cmd_probe_job *job);
bool cmd_probe_job_read(cmd_probe_job *job);

/* Ends a process, or learns how it ended: what to say of it lies in `how`. */
void cmd_probe_job_end(cmd_probe_job *job, char *how, size_t size);
void cmd_probe_jobs_end(cmd_probe_jobs *jobs);

#endif
