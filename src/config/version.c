#include "config/version.h"

#include <string.h>

#define PART_MAX 9999

/* A number at *text, which moves behind it; -1: there is none, or it is too large. */
static int read_part(const char **text)
{
    int value = 0;

    if (**text < '0' || **text > '9')
        return -1;
    while (**text >= '0' && **text <= '9') {
        value = 10 * value + (*(*text)++ - '0');
        if (value > PART_MAX)
            return -1;
    }
    return value;
}

bool config_version_parse(const char *text, config_version *version, base_error *error)
{
    const char *at = text;
    int parts[3] = {0, 0, 0};
    bool good = true;

    for (int i = 0; i < 3 && good; i++) {
        parts[i] = read_part(&at);
        good = parts[i] >= 0;
        if (*at != '.')
            break;
        at++;
        good = good && i < 2;
    }
    if (!good || *at != '\0' || (at > text && at[-1] == '.')) {
        base_error_set(error, "'%s' is not a version: 1.22.1", BASE_CUT(text));
        return false;
    }
    *version = (config_version){parts[0], parts[1], parts[2]};
    return true;
}

bool config_version_is_said(config_version version)
{
    return version.major != 0 || version.minor != 0 || version.patch != 0;
}

static int compare(config_version version, int major, int minor, int patch)
{
    if (version.major != major)
        return version.major < major ? -1 : 1;
    if (version.minor != minor)
        return version.minor < minor ? -1 : 1;
    return version.patch < patch ? -1 : version.patch > patch;
}

bool config_version_is_before(config_version version, int major, int minor, int patch)
{
    return config_version_is_said(version) && compare(version, major, minor, patch) < 0;
}

bool config_version_is_from(config_version version, int major, int minor, int patch)
{
    return config_version_is_said(version) && compare(version, major, minor, patch) >= 0;
}
