#include "cmd/command.h"

/* In the order of the manual. */
#define COMMAND_MAP(X)                                                                                                 \
    X(check)                                                                                                           \
    X(probe)                                                                                                           \
    X(visit)                                                                                                           \
    X(header)                                                                                                          \
    X(decide)                                                                                                          \
    X(preload)                                                                                                         \
    X(store)                                                                                                           \
    X(config)                                                                                                          \
    X(lab)                                                                                                             \
    X(help)

#define COMMAND_X(name) extern const cmd_command cmd_##name;
COMMAND_MAP(COMMAND_X)
#undef COMMAND_X

const cmd_command *const cmd_commands[] = {
#define COMMAND_X(name) &cmd_##name,
    COMMAND_MAP(COMMAND_X)
#undef COMMAND_X
        NULL,
};
