/* holdfast config generate PLATFORM: a configuration that does HSTS right. */
#include "base/memory.h"
#include "cmd/config.h"

#include <string.h>

#define TEXT_MAX ((size_t)256 << 10)
#define YEAR ((int64_t)365 * 86400)
#define NOT_GIVEN ((int64_t)-1)

typedef struct settings {
    cmd_common common;
    base_texts names;
    config_wish wish; /* its max-age is NOT_GIVEN, or what was given */
} settings;

static bool read_stage(const char *text, void *target, base_error *error)
{
    const config_stage **stage = target;

    *stage = config_stage_find(text);
    if (*stage == NULL)
        base_error_set(error, "'%s' is not one of minutes, day, week, month, year, preload", BASE_CUT(text));
    return *stage != NULL;
}

static bool read_path(const char *text, void *target, base_error *error)
{
    const char **path = target;

    *path = text;
    return config_wish_path(text, error);
}

static const char *contradiction(const settings *s)
{
    const config_wish *wish = &s->wish;
    const bool aged = wish->policy.max_age != NOT_GIVEN;

    if (wish->rollback && (wish->policy.preload || wish->stage != NULL || aged || wish->policy.include_subdomains))
        return "--rollback takes the policy back, and goes with none of --max-age, --include-subdomains, --preload and "
               "--stage";
    if (wish->stage != NULL && aged)
        return "--stage and --max-age contradict each other";
    if (wish->behind_proxy && (wish->certificate != NULL || wish->key != NULL))
        return "--behind-proxy: the proxy has the certificate, so neither --certificate nor --key";
    if ((wish->certificate == NULL) != (wish->key == NULL))
        return "--certificate and --key go together";
    return NULL;
}

static bool take_names(settings *s, base_arena *arena, base_error *error)
{
    const char **names = base_arena_take(arena, (s->names.count + 1) * sizeof *names);

    if (s->names.count > CONFIG_NAMES_MAX) {
        base_error_set(error, "--server-name: at most %zu names", CONFIG_NAMES_MAX);
        return false;
    }
    for (size_t i = 0; i < s->names.count; i++) {
        char *name = base_arena_take(arena, CONFIG_NAME_MAX);

        if (!config_wish_name(s->names.items[i], name, error)) {
            base_error_wrap(error, "--server-name");
            return false;
        }
        names[i] = name;
    }
    s->wish.names = names;
    s->wish.name_count = s->names.count;
    return true;
}

static void take_stage(config_wish *wish)
{
    wish->policy.max_age = wish->stage->max_age;
    wish->policy.preload |= wish->stage->preload;
    wish->policy.include_subdomains |= wish->stage->preload;
}

static void take_age(config_wish *wish)
{
    if (wish->rollback)
        wish->policy.max_age = 0;
    else if (wish->stage != NULL)
        take_stage(wish);
    else if (wish->policy.max_age == NOT_GIVEN)
        wish->policy.max_age = YEAR;
}

static int write(const config_platform *platform, const config_wish *wish)
{
    base_buffer out;
    base_error error;
    bool good;

    base_buffer_init(&out, TEXT_MAX);
    platform->generate(wish, &out);
    good = base_buffer_flush(&out, stdout, &error);
    base_buffer_done(&out);
    if (!good)
        base_error_print(&error, stderr);
    return good ? BASE_EXIT_CLEAN : BASE_EXIT_UNCHECKED;
}

static int run(void *storage, const base_operands *operands)
{
    settings *s = storage;
    const config_platform *platform = NULL;
    const char *wrong = contradiction(s);
    base_arena arena = {0};
    base_error error;
    int code;

    if (operands->count == 0)
        return cmd_refuse("config generate: a server program is missing: holdfast config generate nginx");
    if (operands->count > 1)
        return cmd_refuse("config generate: '%s' is one too many", BASE_CUT(operands->items[1]));
    if (wrong != NULL)
        return cmd_refuse("config generate: %s", wrong);
    take_age(&s->wish);
    if (!cmd_config_read_platform(operands->items[0], &platform, &error) || !take_names(s, &arena, &error) ||
        !config_wish_check(&s->wish, &error))
        code = cmd_refuse("config generate: %s", error.text);
    else
        code = write(platform, &s->wish);
    base_arena_done(&arena);
    return code;
}

static const settings defaults = {.wish = {.policy = {.max_age = NOT_GIVEN}}};

static const base_option options[] = {
    {"version", 0, "V", "the version of the server program, such as 1.22.1", cmd_config_read_version,
     offsetof(settings, wish.version)},
    {"max-age", 0, "N", "how long browsers keep the policy: seconds, or 30d, 1y (1y by default)", base_read_duration,
     offsetof(settings, wish.policy.max_age)},
    {"stage", 0, "NAME", "the policy of a stage: minutes, day, week, month, year, preload", read_stage,
     offsetof(settings, wish.stage)},
    {"include-subdomains", 0, NULL, "the policy covers every name below", NULL,
     offsetof(settings, wish.policy.include_subdomains)},
    {"preload", 0, NULL, "consent to be built into browsers", NULL, offsetof(settings, wish.policy.preload)},
    {"rollback", 0, NULL, "take the policy back: max-age=0", NULL, offsetof(settings, wish.rollback)},
    {"behind-proxy", 0, NULL, "another server ends TLS, and passes requests on in plain HTTP", NULL,
     offsetof(settings, wish.behind_proxy)},
    {"server-name", 0, "N", "a name of the site; may be repeated, and *.NAME stands for all below", base_read_texts,
     offsetof(settings, names)},
    {"certificate", 0, "FILE", "the path of the certificate with its chain, on the server", read_path,
     offsetof(settings, wish.certificate)},
    {"key", 0, "FILE", "the path of its private key, on the server", read_path, offsetof(settings, wish.key)},
    {0}};

const cmd_command cmd_config_generate = {
    .name = "config generate",
    .summary = "a configuration that sends the HSTS header right",
    .usage = "[options] nginx",
    .options = options,
    .settings_size = sizeof(settings),
    .defaults = &defaults,
    .run = run,
};
