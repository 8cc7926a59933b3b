/*
 * holdfast config: what a server's configuration does with HSTS, and one that does it right.
 */
#include "cmd/command.h"

/* In the order of the manual. */
#define PART_MAP(X) X(lint) X(matrix) X(check) X(generate)

#define PART_X(name) extern const cmd_command cmd_config_##name;
PART_MAP(PART_X)
#undef PART_X

static const cmd_command *const parts[] = {
#define PART_X(name) &cmd_config_##name,
    PART_MAP(PART_X)
#undef PART_X
        NULL,
};

const cmd_command cmd_config = {
    .name = "config",
    .summary = "judge the configuration of a server, predict its headers, write one that is right",
    .usage = "COMMAND [options] [arguments]",
    .parts = parts,
};
