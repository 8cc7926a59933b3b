#include "cmd/commands.h"

#include "cmd/command.h"

const cmd_command *const cmd_commands[] = {
    &cmd_header,
    &cmd_decide,
    &cmd_help,
    NULL,
};
