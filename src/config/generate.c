#include "config/generate.h"

#include "base/idna.h"

#include <inttypes.h>
#include <string.h>

#define DAY ((int64_t)86400)
#define PRELOAD_MAX_AGE (365 * DAY) /* what hstspreload.org asks for at least */
#define MAX_AGE_MAX (3650 * DAY)

const config_stage config_stages[] = {
    {.name = "minutes", .max_age = 300, .days = 7},
    {.name = "day", .max_age = DAY, .days = 21},
    {.name = "week", .max_age = 7 * DAY, .days = 21},
    {.name = "month", .max_age = 30 * DAY, .days = 30},
    {.name = "year", .max_age = 365 * DAY},
    {.name = "preload", .max_age = 730 * DAY, .preload = true},
    {.name = NULL},
};

const config_stage *config_stage_find(const char *name)
{
    for (const config_stage *stage = config_stages; stage->name != NULL; stage++)
        if (strcmp(stage->name, name) == 0)
            return stage;
    return NULL;
}

/* -- What reaches the text ----------------------------------------------------------------------------------------- */

/* hf_host_parse takes names in ASCII as they are, and a configuration gives some characters a meaning. */
static bool is_plain(const char *text, const char *others)
{
    for (; *text != '\0'; text++)
        if (!((*text >= 'a' && *text <= 'z') || (*text >= 'A' && *text <= 'Z') || (*text >= '0' && *text <= '9') ||
              strchr(others, *text) != NULL))
            return false;
    return true;
}

bool config_wish_name(const char *text, char out[CONFIG_NAME_MAX], base_error *error)
{
    const bool any = strncmp(text, "*.", 2) == 0;
    const char *name = text + (any ? 2 : 0);
    hf_host host;

    if (hf_host_parse(name, strlen(name), base_idna(), &host, NULL) != HF_OK || host.kind != HF_HOST_NAME ||
        !is_plain(host.name, "-_.")) {
        base_error_set(error, "'%s' is not a host name, such as www.example.com or *.example.com", BASE_CUT(text));
        return false;
    }
    memcpy(out, "*.", 2);
    memcpy(out + (any ? 2 : 0), host.name, host.length + 1);
    return true;
}

bool config_wish_path(const char *text, base_error *error)
{
    const bool good = text[0] == '/' && strlen(text) < 1024 && is_plain(text, "/._-+@=,~");

    if (!good)
        base_error_set(error, "'%s' is not an absolute path of letters, digits and /._-+@=,~", BASE_CUT(text));
    return good;
}

/* -- What no site should send -------------------------------------------------------------------------------------- */

static bool refuse(base_error *error, const char *reason)
{
    base_error_set(error, "%s", reason);
    return false;
}

static bool check_preload(const config_wish *wish, base_error *error)
{
    if (!wish->policy.include_subdomains)
        return refuse(error, "--preload needs --include-subdomains: the preload list rejects the site without it");
    if (wish->policy.max_age >= PRELOAD_MAX_AGE)
        return true;
    base_error_set(error,
                   "--preload needs a max-age of at least %" PRId64 " (1 year), not %" PRId64
                   ": the preload list rejects the site",
                   PRELOAD_MAX_AGE, wish->policy.max_age);
    return false;
}

bool config_wish_check(const config_wish *wish, base_error *error)
{
    if (wish->rollback)
        return true;
    if (wish->policy.max_age == 0)
        return refuse(error, "a max-age of 0 removes the policy from browsers: --rollback does that");
    if (wish->policy.max_age > MAX_AGE_MAX) {
        base_error_set(error, "a max-age of %" PRId64 " is more than ten years: give seconds", wish->policy.max_age);
        return false;
    }
    return !wish->policy.preload || check_preload(wish, error);
}
