/*
 * cmd/probe.h: what the parts of `holdfast probe` share: its options.
 *
 * One process reads the list (probe_list), decides which host is whose turn (batch/schedule.h), writes the output (probe_sink) and
 * keeps the state of --resume (probe_state); it touches no host. Its children do (probe_worker), as many as --jobs says; frames go
 * between them (probe_frame). So nothing that a host does can lose what others have said.
 */
#ifndef CMD_PROBE_H
#define CMD_PROBE_H

#include "cmd/command.h"
#include "cmd/probe_line.h"
#include "facts/site.h"
#include "http/transport.h"

typedef struct cmd_probe_settings {
    cmd_common common;
    bool jsonl;
    facts_depth depth;
    http_transport_options wire;
    int64_t total, find, connect, tls, response; /* milliseconds; 0: as it comes with the total */
    int64_t concurrency, per_domain, per_address, retries, jobs;
    double rate;
    int64_t pause; /* milliseconds */
    const char *output, *resume;
} cmd_probe_settings;

#define CMD_PROBE_JOBS_MAX 64

/* Runs to the end of the list, and returns the exit code. */
int cmd_probe_run(const cmd_probe_settings *settings, const cmd_probe_form *form, const base_operands *operands);

#endif
