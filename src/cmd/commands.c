#include "cmd/commands.h"

#include "cmd/command.h"

const cmd_command *const cmd_commands[] = {
    &cmd_check, &cmd_probe, &cmd_visit, &cmd_header, &cmd_decide, &cmd_preload, &cmd_store, &cmd_lab, &cmd_help, NULL,
};
