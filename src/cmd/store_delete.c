/*
 * holdfast store delete, clear: policies forgotten on the user's word.
 */
#include "cmd/store.h"
#include "report/store_outcome.h"
#include "stores/forget.h"
#include "stores/writer.h"

typedef struct job {
    const cmd_store_settings *settings;
    const stores_wish *wish;
    const stores_context *context;
    base_json json;
    base_term term;
    uint64_t gone, damaged;
} job;

static bool delete_from(job *j, const stores_store *store)
{
    const cmd_store_settings *s = j->settings;
    facts_store_forgotten forgotten;
    base_error error;
    bool done = stores_forget(j->wish, store, j->context, s->dry_run, &forgotten, &error);

    if (!done)
        base_error_print(&error, stderr);
    else if (s->common.json)
        report_store_forgotten_json(&forgotten, &j->json);
    else if (!s->common.quiet && (forgotten.outcome.gone > 0 || !s->all))
        report_store_forgotten_text(&forgotten, s->common.verbose, &j->term);
    cmd_store_tell_damage(store->path, forgotten.damaged);
    j->gone += done ? forgotten.outcome.gone : 0;
    j->damaged += forgotten.damaged;
    stores_outcome_done(&forgotten.outcome);
    return done;
}

static int delete_all(job *j, const cmd_store_sources *sources)
{
    base_buffer out;
    base_error error;
    size_t failed = 0;
    bool written = true;

    base_term_init(&j->term, stdout, j->settings->common.color);
    cmd_document_begin(&out, &j->json, CMD_STORE_OUTPUT_MAX);
    base_json_object_begin(&j->json);
    base_json_key_string(&j->json, "warning", REPORT_FORGOTTEN_COST);
    base_json_key(&j->json, "stores");
    base_json_array_begin(&j->json);
    for (size_t i = 0; i < sources->count; i++)
        failed += !delete_from(j, &sources->items[i]);
    base_json_array_end(&j->json);
    base_json_object_end(&j->json);
    if (!j->settings->common.json && j->gone > 0 && !j->settings->common.quiet)
        base_term_line(&j->term, BASE_STYLE_WARN, "%s", REPORT_FORGOTTEN_COST);
    if (j->settings->common.json)
        written = cmd_document_end(&out, &error);
    else
        base_buffer_done(&out);
    if (!written)
        return cmd_store_fail(&error);
    return cmd_store_code(failed, j->damaged, sources);
}

/* A store is none of the files that are only read. */
static bool claim(const cmd_store_settings *s, const cmd_store_sources *sources, base_error *error)
{
    bool good = true;

    for (size_t i = 0; good && i < sources->count; i++) {
        base_claims claims = {0};

        good = cmd_store_claim_names(s, &claims, error) &&
               base_claims_add_path(&claims, sources->items[i].path, "the store", true, error);
        base_claims_done(&claims);
    }
    return good;
}

static int carry_out(const char *command, const cmd_store_settings *s, const stores_wish *w)
{
    cmd_store_sources sources;
    stores_context context;
    base_error error;
    int code;

    if (!cmd_store_sources_open(s, NULL, 0, &sources, &error))
        return cmd_refuse("%s: %s", command, error.text);
    if (!claim(s, &sources, &error)) {
        cmd_store_sources_close(&sources);
        return cmd_refuse("%s: %s", command, error.text);
    }
    if (!cmd_store_context(s, &sources, &context, &error)) {
        cmd_store_sources_close(&sources);
        return cmd_store_fail(&error);
    }
    for (size_t i = 0; i < w->hosts.count; i++)
        stores_context_add(&context, w->hosts.items[i].data);
    for (size_t i = 0; i < w->parents.count; i++)
        stores_context_add(&context, w->parents.items[i].data);
    job j = {.settings = s, .wish = w, .context = &context};
    code = delete_all(&j, &sources);
    stores_context_done(&context);
    cmd_store_sources_close(&sources);
    return code;
}

static int delete_hosts(const cmd_store_settings *s, const base_operands *operands)
{
    stores_wish w = {.subtree = s->subtree, .from = HF_TIME_UNKNOWN};
    int code = BASE_EXIT_CLEAN;
    base_error error;
    hf_host host;

    for (size_t i = 0; i < operands->count && code == BASE_EXIT_CLEAN; i++) {
        if (stores_host(operands->items[i], &host, &error))
            stores_wish_add(&w, &host);
        else
            code = cmd_refuse("store delete: %s", error.text);
    }
    stores_wish_settle(&w);
    if (code == BASE_EXIT_CLEAN)
        code = carry_out("store delete", s, &w);
    stores_wish_done(&w);
    return code;
}

static int run_delete(void *storage, const base_operands *operands)
{
    const cmd_store_settings *s = storage;
    stores_wish w = {.from = s->between};
    base_error error;

    if (s->between == HF_TIME_UNKNOWN && operands->count == 0)
        return cmd_refuse("store delete: a HOST is missing: holdfast store delete example.com");
    if (s->between == HF_TIME_UNKNOWN)
        return delete_hosts(s, operands);
    if (operands->count != 1 || s->subtree)
        return cmd_refuse("store delete: --between FROM TO, and neither HOST nor --subtree");
    if (!base_read_time(operands->items[0], &w.to, &error))
        return cmd_refuse("store delete: --between: %s", error.text);
    return carry_out("store delete", s, &w);
}

static int run_clear(void *storage, const base_operands *operands)
{
    const stores_wish w = {.everything = true, .from = HF_TIME_UNKNOWN};

    if (operands->count > 0)
        return cmd_refuse("store clear: '%s' is one too many: clear takes no operand (delete takes hosts)",
                          operands->items[0]);
    return carry_out("store clear", storage, &w);
}

static const base_option delete_options[] = {
    CMD_STORE_FROM,
    CMD_STORE_ALL,
    CMD_STORE_ROOT,
    CMD_STORE_TRIED,
    {"subtree", 0, NULL, "the HOSTs and all names below", NULL, offsetof(cmd_store_settings, subtree)},
    {"between", 0, "FROM TO", "what was noted from FROM to before TO, instead of HOSTs", base_read_time,
     offsetof(cmd_store_settings, between)},
    CMD_STORE_DRY_RUN,
    CMD_STORE_TIMEOUT,
    {0},
};

const cmd_command cmd_store_delete = {
    .name = "store delete",
    .summary = "forget hosts, or what was noted between two times",
    .usage = "[options] HOST...",
    .common = CMD_JSON | CMD_QUIET | CMD_VERBOSE | CMD_AT,
    .options = delete_options,
    .settings_size = sizeof(cmd_store_settings),
    .defaults = &cmd_store_defaults,
    .run = run_delete,
};

static const base_option clear_options[] = {
    CMD_STORE_FROM, CMD_STORE_ALL, CMD_STORE_ROOT, CMD_STORE_DRY_RUN, CMD_STORE_TIMEOUT, {0},
};

const cmd_command cmd_store_clear = {
    .name = "store clear",
    .summary = "forget every host of a store",
    .usage = "[options]",
    .common = CMD_JSON | CMD_QUIET | CMD_VERBOSE | CMD_AT,
    .options = clear_options,
    .settings_size = sizeof(cmd_store_settings),
    .defaults = &cmd_store_defaults,
    .run = run_clear,
};
