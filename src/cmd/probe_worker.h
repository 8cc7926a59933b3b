/*
 * cmd/probe_worker.h: the process that touches hosts.
 */
#ifndef CMD_PROBE_WORKER_H
#define CMD_PROBE_WORKER_H

#include "cmd/probe.h"

/* Takes orders from `fd` and answers there, until the other end is gone; then the process ends. `slots`: how many hosts at most. */
_Noreturn void cmd_probe_work(const cmd_probe_settings *settings, const cmd_probe_form *form, size_t slots, int fd);

#endif
