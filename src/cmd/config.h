/*
 * cmd/config.h: holdfast config: what its parts share: which files are meant, of which platform. One file exports one
 * `const cmd_command`, and cmd/config.c lists them all.
 */
#ifndef CMD_CONFIG_H
#define CMD_CONFIG_H

#include "cmd/command.h"
#include "config/platform.h"

#include <stddef.h>

/* Which configuration. Its options: --platform, --context, --root, --version. */
typedef struct cmd_config_source {
    const config_platform *platform; /* NULL: nginx, the one there is */
    const char *context, *root;
    config_version version;
} cmd_config_source;

/* Rows for settings whose `source` is a cmd_config_source. */
#define CMD_CONFIG_PLATFORM(settings)                                                                                  \
    {                                                                                                                  \
        "platform", 0, "NAME", "the server program: nginx", cmd_config_read_platform,                                  \
            offsetof(settings, source.platform)                                                                        \
    }
#define CMD_CONFIG_CONTEXT(settings)                                                                                   \
    {                                                                                                                  \
        "context", 0, "PART", "what the files are a part of: main, http-block, http, server; else what they show",     \
            base_read_text, offsetof(settings, source.context)                                                         \
    }
#define CMD_CONFIG_ROOT(settings)                                                                                      \
    {                                                                                                                  \
        "root", 0, "DIR", "the folder that relative includes count from", base_read_text,                              \
            offsetof(settings, source.root)                                                                            \
    }
#define CMD_CONFIG_VERSION(settings)                                                                                   \
    {                                                                                                                  \
        "version", 0, "V", "the version of the server program, such as 1.22.1", cmd_config_read_version,               \
            offsetof(settings, source.version)                                                                         \
    }

/*
 * Reads the files that the operands name into the estate: a folder stands for its main file, or without one for every
 * file in it that can be part of a configuration, in alphabetical order; "-" is standard input. Then `asking` is whole.
 * False, with the reason.
 */
bool cmd_config_open(const cmd_config_source *source, const base_operands *operands, config_estate *estate,
                     config_asking *asking, base_error *error);

/* For base_option. */
bool cmd_config_read_platform(const char *text, void *target, base_error *error);
bool cmd_config_read_version(const char *text, void *target, base_error *error);

#endif
