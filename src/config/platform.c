#include "config/platform.h"

#include <string.h>

#define PLATFORM_MAP(X) X(nginx)

#define PLATFORM_X(name) extern const config_platform config_##name;
PLATFORM_MAP(PLATFORM_X)
#undef PLATFORM_X

const config_platform *const config_platforms[] = {
#define PLATFORM_X(name) &config_##name,
    PLATFORM_MAP(PLATFORM_X)
#undef PLATFORM_X
        NULL,
};

const config_platform *config_platform_find(const char *name)
{
    for (size_t i = 0; config_platforms[i] != NULL; i++)
        if (strcmp(config_platforms[i]->name, name) == 0)
            return config_platforms[i];
    return NULL;
}

bool config_platform_has_context(const config_platform *platform, const char *name)
{
    for (size_t i = 0; platform->contexts[i] != NULL; i++)
        if (strcmp(platform->contexts[i], name) == 0)
            return true;
    return false;
}
