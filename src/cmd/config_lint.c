/* holdfast config lint FILE|DIR...: what is wrong with a configuration, and where. */
#include "base/term.h"
#include "cmd/config.h"

typedef struct settings {
    cmd_common common;
    cmd_config_source source;
} settings;

static int run(void *storage, const base_operands *operands)
{
    const settings *s = storage;
    config_estate estate = {0};
    config_asking asking;
    config_lint lint = {0};
    base_error error;
    base_term term;

    if (!cmd_config_open(&s->source, operands, &estate, &asking, &error))
        return cmd_refuse("config lint: %s", error.text);
    config_lint_init(&lint, &estate, asking.version);
    if (!asking.platform->lint(&asking, &lint, &error))
        return cmd_refuse("config lint: %s", error.text);
    config_lint_finish(&lint);
    base_term_init(&term, stdout, s->common.color);
    for (size_t i = 0; i < lint.findings.count; i++) {
        const finding *item = &lint.findings.items[i];

        base_term_line(&term, BASE_STYLE_PLAIN, "%s:%zu:%zu %s: %s", item->place.file, item->place.line,
                       item->place.column, rule_find(item->rule)->name, item->proof);
    }
    config_lint_done(&lint);
    config_estate_done(&estate);
    return BASE_EXIT_CLEAN;
}

static const base_option options[] = {CMD_CONFIG_PLATFORM(settings),
                                      CMD_CONFIG_CONTEXT(settings),
                                      CMD_CONFIG_ROOT(settings),
                                      CMD_CONFIG_VERSION(settings),
                                      {0}};

const cmd_command cmd_config_lint = {
    .name = "config lint",
    .summary = "what is wrong with a configuration, and where",
    .usage = "[options] FILE|DIR...",
    .options = options,
    .settings_size = sizeof(settings),
    .run = run,
};
