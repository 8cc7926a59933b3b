/*
 * config/platform.h: the servers whose configuration is understood: a platform is one file with one `const
 * config_platform`, and one line in the table.
 */
#ifndef CONFIG_PLATFORM_H
#define CONFIG_PLATFORM_H

#include "config/generate.h"
#include "config/lint.h"
#include "facts/matrix.h"

/* What a file is a part of, by the names of the platform; NULL ends the list. */
typedef struct config_asking {
    const struct config_platform *platform;
    config_file *const *files; /* those that were given, in order */
    size_t file_count;
    const char *context; /* one of the platform's; NULL: what the file itself shows */
    config_version version;
} config_asking;

typedef struct config_platform {
    const char *name;              /* "nginx" */
    const char *const *contexts;   /* ends with NULL */
    const char *const *main_files; /* the names of whole configurations, "nginx.conf"; ends with NULL */
    const char *const *endings;    /* of files that are part of one, ".conf"; ends with NULL */
    /* Reads what the files include, and judges. False, with the reason, if bounds are exceeded. */
    bool (*lint)(const config_asking *asking, config_lint *lint, base_error *error);
    /* Which response carries which headers; all of it lives in the arena of the estate. The same. */
    bool (*matrix)(const config_asking *asking, config_estate *estate, facts_matrix *matrix, base_error *error);
    /* Appends a configuration that does what is wished, which config_wish_check has passed. */
    void (*generate)(const config_wish *wish, base_buffer *out);
} config_platform;

/* Ends with NULL. */
extern const config_platform *const config_platforms[];

const config_platform *config_platform_find(const char *name);
/* True if it has a context of that name. */
bool config_platform_has_context(const config_platform *platform, const char *name);

#endif
