/*
 * cmd/engine.h: --as BROWSER, for the commands that answer for one browser.
 */
#ifndef CMD_ENGINE_H
#define CMD_ENGINE_H

#include "base/options.h"
#include "facts/page.h"

/* The row of the table; the member `engine` of the settings is a facts_engine. */
#define CMD_ENGINE_OPTION(settings, text)                                                                              \
    {                                                                                                                  \
        "as", 0, "BROWSER", text, cmd_read_engine, offsetof(settings, engine)                                          \
    }

bool cmd_read_engine(const char *text, void *target, base_error *error);

#endif
