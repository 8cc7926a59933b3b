/*
 * cmd/probe_tally.h: what the closing summary says.
 */
#ifndef CMD_PROBE_TALLY_H
#define CMD_PROBE_TALLY_H

#include "base/json.h"
#include "base/term.h"
#include "cmd/probe_frame.h"
#include "io/failure.h"

/* Failures are counted by io_code; behind the last stands CMD_PROBE_CRASHED. */
#define CMD_PROBE_CODES (IO_FAILURES + 1)
#define CMD_PROBE_CODE_CRASHED IO_FAILURES

/* Numbers alone, so that the state of --resume keeps them as they stand. */
typedef struct cmd_probe_tally {
    uint64_t hosts;   /* with a line of their own, refused lines not included */
    uint64_t refused; /* lines of the list */
    uint64_t in_force, tls_errors, errors, warnings;
    uint64_t again;                  /* tries besides the first */
    uint64_t codes[CMD_PROBE_CODES]; /* IO_FAILURE_NONE: answered */
} cmd_probe_tally;

void cmd_probe_tally_add(cmd_probe_tally *tally, const cmd_probe_result *result, unsigned tries);

/* Stable, as in the lines of output. */
const char *cmd_probe_code_name(uint32_t code);
/* True if this machine could not look: it says nothing about the host. */
bool cmd_probe_code_is_ours(uint32_t code);
/* True if it may be gone a moment later. */
bool cmd_probe_code_may_pass(uint32_t code);

/* The exit code of a run that went through. */
int cmd_probe_tally_code(const cmd_probe_tally *tally);

typedef struct cmd_probe_cost {
    double seconds, cpu; /* of this run */
    uint64_t hosts;      /* of this run */
} cmd_probe_cost;

void cmd_probe_tally_print(const cmd_probe_tally *tally, const cmd_probe_cost *cost, base_term *term);
void cmd_probe_tally_json(const cmd_probe_tally *tally, const cmd_probe_cost *cost, base_json *json);

#endif
