/*
 * cmd/command.h: what a subcommand is. One file exports one `const cmd_command`, and cmd/commands.c lists them all.
 */
#ifndef CMD_COMMAND_H
#define CMD_COMMAND_H

#include "base/exit.h"
#include "base/options.h"
#include "base/term.h"

#include <stdbool.h>
#include <stdint.h>

/* The options that read the same everywhere. Every command has --color and --help; the others it picks by these bits.
 */
enum {
    CMD_JSON = 1 << 0,
    CMD_JSONL = 1 << 1,
    CMD_AT = 1 << 2,
    CMD_QUIET = 1 << 3,
    CMD_VERBOSE = 1 << 4,
    CMD_COLOR = 1 << 5,
    CMD_HELP = 1 << 6,
};

typedef struct cmd_common {
    bool json;
    const char *jsonl; /* a path or "-"; NULL: not asked for */
    int64_t at;        /* HF_TIME_UNKNOWN: not given, see cmd_now */
    bool quiet;
    bool verbose;
    base_color color;
    bool help;
} cmd_common;

typedef struct cmd_command {
    const char *name;
    const char *summary;        /* for the list of commands: one clause, no full stop */
    const char *usage;          /* what follows the name: "[options] VALUE..." */
    unsigned common;            /* which of the common options, besides --color and --help */
    const base_option *options; /* its own; NULL: none */
    size_t settings_size;       /* of a struct that begins with a cmd_common */
    const void *defaults;       /* such a struct, copied before the options are read; NULL: all zero */
    int (*run)(void *settings, const base_operands *operands); /* returns the exit code */
    /* Commands of its own, ended by NULL; then it has nothing else but name, summary and usage. NULL: none. */
    const struct cmd_command *const *parts;
} cmd_command;

/* The commands in the order of the manual; ends with NULL. */
extern const cmd_command *const cmd_commands[];

const cmd_command *cmd_find(const char *name);

/* Reads the arguments behind the command's name, and runs it. */
int cmd_run(const cmd_command *command, int argc, char **argv);

/* All options of a command or of its parts, its own first, ended by a row without a name. `table` has room for
 * CMD_OPTIONS_MAX rows. */
#define CMD_OPTIONS_MAX 64
void cmd_options(const cmd_command *command, base_option *table);

/* The page that --help prints, and the list of commands. */
void cmd_print_help(const cmd_command *command, base_term *term);
void cmd_print_overview(base_term *term);

/* The moment that --at names, or that the clock shows. */
int64_t cmd_now(const cmd_common *common);

/* Prints "holdfast: TEXT" to standard error and returns BASE_EXIT_USAGE. */
int cmd_refuse(const char *format, ...) BASE_PRINTF(1, 2);

#endif
