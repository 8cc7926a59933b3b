/*
 * cmd/probe_tally.h: what the closing summary says.
 */
#ifndef CMD_PROBE_TALLY_H
#define CMD_PROBE_TALLY_H

#include "base/json.h"
#include "base/term.h"
#include "cmd/probe_frame.h"
#include "facts/failure.h"

/* Numbers alone, so that the state of --resume keeps them as they stand. */
typedef struct cmd_probe_tally {
    uint64_t hosts;   /* with a line of their own, refused lines not included */
    uint64_t refused; /* lines of the list */
    uint64_t in_force, tls_errors, errors, warnings;
    uint64_t again;                 /* tries besides the first */
    uint64_t codes[FACTS_FAILURES]; /* FACTS_FAILURE_NONE: answered */
} cmd_probe_tally;

void cmd_probe_tally_add(cmd_probe_tally *tally, const cmd_probe_result *result, unsigned tries);

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
