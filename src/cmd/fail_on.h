/*
 * cmd/fail_on.h: --fail-on: which findings make the exit code 1, by severity or by their ids.
 */
#ifndef CMD_FAIL_ON_H
#define CMD_FAIL_ON_H

#include "findings/finding.h"

/* All zero: errors alone. */
typedef struct cmd_fail_on {
    bool given, never, any_severity; /* any_severity: `severity` is set */
    hf_severity severity;            /* from this one on */
    bool rules[RULE_COUNT];
} cmd_fail_on;

/* For base_option: "error", "warning", "info", "never" or ids of findings, with commas between; what is given again
 * adds to it. */
bool cmd_fail_on_read(const char *text, void *target, base_error *error);

/* The same for what means the same. */
uint64_t cmd_fail_on_hash(const cmd_fail_on *on);

/* True if a finding of that severity is meant, whichever it is. */
bool cmd_fail_on_minds(const cmd_fail_on *on, hf_severity severity);

/* True if one of the findings is meant. */
bool cmd_fail_on_meets(const cmd_fail_on *on, const finding_list *findings);

#endif
