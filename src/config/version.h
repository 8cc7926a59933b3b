/*
 * config/version.h: the version of a server program. Pure.
 */
#ifndef CONFIG_VERSION_H
#define CONFIG_VERSION_H

#include "base/error.h"

#include <stdbool.h>

/* All zero: not said. */
typedef struct config_version {
    int major, minor, patch;
} config_version;

/* "1.22.1", "1.22". */
bool config_version_parse(const char *text, config_version *version, base_error *error);
bool config_version_is_said(config_version version);
/* True if it is said, and older. */
bool config_version_is_before(config_version version, int major, int minor, int patch);
/* True if it is said, and the same or newer. */
bool config_version_is_from(config_version version, int major, int minor, int patch);

#endif
