/*
 * cmd/probe_resume.h: where a run begins: at the start, or where the run before it came to.
 */
#ifndef CMD_PROBE_RESUME_H
#define CMD_PROBE_RESUME_H

#include "cmd/probe.h"
#include "cmd/probe_sink.h"
#include "cmd/probe_state.h"
#include "cmd/probe_tally.h"

/*
 * Opens --output and --resume, and sets *mark to the newest one that the output bears out; to one with nothing before it if the run
 * is new. What stands in the output behind the mark is to be cut, once it is known that the list is the same. False, with the reason and the exit code: it cannot be.
 */
bool cmd_probe_resume(const cmd_probe_settings *settings, cmd_probe_sink *sink, cmd_probe_state *state,
                      cmd_probe_mark *mark, int *code, base_error *error);

#endif
