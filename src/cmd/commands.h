/*
 * cmd/commands.h: every subcommand, by name.
 */
#ifndef CMD_COMMANDS_H
#define CMD_COMMANDS_H

#include "cmd/command.h"

extern const cmd_command cmd_check;
extern const cmd_command cmd_probe;
extern const cmd_command cmd_visit;
extern const cmd_command cmd_header;
extern const cmd_command cmd_decide;
extern const cmd_command cmd_preload;
extern const cmd_command cmd_store;
extern const cmd_command cmd_lab;
extern const cmd_command cmd_help;

#endif
