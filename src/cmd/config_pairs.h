/* cmd/config_pairs.h: the certificates and keys that a configuration names, judged where the files are. */
#ifndef CMD_CONFIG_PAIRS_H
#define CMD_CONFIG_PAIRS_H

#include "config/lint.h"

#include <stdint.h>

/*
 * Adds what is wrong with lint->pairs at the moment `now`. Relative paths count from the root of the estate, or else
 * from the folder of the file that was given; below a root, absolute ones do too. Of files that are not here nothing is
 * said.
 */
void cmd_config_judge_pairs(config_lint *lint, int64_t now);

#endif
