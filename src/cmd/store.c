/*
 * holdfast store: the stores of all programs, ours among them.
 */
#include "cmd/store.h"

#include "stores/codec.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* In the order of the manual. */
#define PART_MAP(X)                                                                                                    \
    X(where)                                                                                                           \
    X(list)                                                                                                            \
    X(query)                                                                                                           \
    X(add)                                                                                                             \
    X(delete)                                                                                                          \
    X(clear)                                                                                                           \
    X(import)                                                                                                          \
    X(export)                                                                                                          \
    X(convert)                                                                                                         \
    X(diff)

#define PART_X(name) extern const cmd_command cmd_store_##name;
PART_MAP(PART_X)
#undef PART_X

static const cmd_command *const parts[] = {
#define PART_X(name) &cmd_store_##name,
    PART_MAP(PART_X)
#undef PART_X
        NULL,
};

const cmd_command cmd_store = {
    .name = "store",
    .summary = "find, read, change and convert the HSTS stores of all programs",
    .usage = "COMMAND [options] [arguments]",
    .parts = parts,
};

const cmd_store_settings cmd_store_defaults = {
    .between = HF_TIME_UNKNOWN, .timeout = -1, .lists = PRELOAD_LISTS_DEFAULTS};

bool cmd_store_one_output(const char *command, const cmd_store_settings *settings)
{
    if (settings->common.json + settings->jsonl + settings->csv <= 1)
        return true;
    cmd_refuse("%s: --json, --jsonl and --csv: one of them at a time", command);
    return false;
}

int cmd_store_fail(const base_error *error)
{
    base_error_print(error, stderr);
    return BASE_EXIT_UNCHECKED;
}

/* -- Which stores -------------------------------------------------------------------------------------------------- */

bool cmd_store_root(const cmd_store_settings *settings, base_error *error)
{
    base_folder folder;

    if (settings->root == NULL)
        return true;
    if (!base_folder_open(&folder, settings->root, error)) {
        base_error_wrap(error, "--root");
        return false;
    }
    base_folder_close(&folder);
    return true;
}

/* In milliseconds; 0 stands for the usual time, and longer than the field holds is for ever. */
static uint32_t lock_wait(const cmd_store_settings *settings)
{
    if (settings->timeout <= 0)
        return settings->timeout < 0 ? 0 : 1;
    return settings->timeout > UINT32_MAX / 1000 ? UINT32_MAX : (uint32_t)settings->timeout * 1000;
}

bool cmd_store_parse(const cmd_store_settings *settings, const char *text, char own[STORES_PATH_MAX],
                     stores_store *store, base_error *error)
{
    if (!stores_store_parse(text, own, STORES_PATH_MAX, store, error))
        return false;
    store->lock_wait = lock_wait(settings);
    return true;
}

static bool open_all(const cmd_store_settings *settings, cmd_store_sources *sources, base_error *error)
{
    if (!cmd_store_root(settings, error))
        return false;
    stores_find(settings->root, &sources->found);
    sources->items = base_allocate((sources->found.count + 1) * sizeof *sources->items);
    for (size_t i = 0; i < sources->found.count; i++) {
        sources->items[sources->count] = stores_found_store(&sources->found.items[i]);
        sources->items[sources->count++].lock_wait = lock_wait(settings);
    }
    return true;
}

bool cmd_store_sources_open(const cmd_store_settings *settings, char *const *more, size_t more_count,
                            cmd_store_sources *sources, base_error *error)
{
    size_t named = settings->from.count + more_count;

    *sources = (cmd_store_sources){.count = 0};
    if (settings->lists.image != NULL && settings->lists.none) {
        base_error_set(error, "--preload and --no-preload contradict each other");
        return false;
    }
    if (settings->all && named > 0) {
        base_error_set(error, "--all is every store: name none besides");
        return false;
    }
    if (settings->root != NULL && !settings->all) {
        base_error_set(error, "--root says where --all looks: add --all");
        return false;
    }
    if (settings->all)
        return open_all(settings, sources, error);
    sources->items = base_allocate((named + 1) * sizeof *sources->items);
    for (size_t i = 0; i < named || (named == 0 && i == 0); i++) {
        const char *text = i < settings->from.count ? settings->from.items[i]
                           : named > 0              ? more[i - settings->from.count]
                                                    : FACTS_STORE_OWN;
        if (!cmd_store_parse(settings, text, sources->own, &sources->items[i], error)) {
            cmd_store_sources_close(sources);
            return false;
        }
        sources->count++;
    }
    return true;
}

void cmd_store_sources_close(cmd_store_sources *sources)
{
    free(sources->items);
    stores_list_done(&sources->found);
    *sources = (cmd_store_sources){.count = 0};
}

bool cmd_store_context(const cmd_store_settings *settings, const cmd_store_sources *sources, stores_context *context,
                       base_error *error)
{
    stores_context_options options = {.names = settings->names,
                                      .lists = &settings->lists,
                                      .now = cmd_now(&settings->common),
                                      .lock_wait = lock_wait(settings)};

    if (settings->common.verbose) {
        const base_sandbox sandbox = stores_codec_sandbox(0);
        base_sandbox_explain(base_sandbox_lacks(&sandbox), stderr);
    }
    for (size_t i = 0; sources != NULL && i < sources->count && !options.hashed; i++)
        options.hashed = strcmp(sources->items[i].kind, "chromium") == 0;
    return stores_context_init(context, &options, error);
}

bool cmd_store_claim_names(const cmd_store_settings *settings, base_claims *claims, base_error *error)
{
    const char *image = settings->lists.image;

    return (settings->names == NULL || base_claims_add_path(claims, settings->names, "--names", false, error)) &&
           (image == NULL || base_claims_add_path(claims, image, "--preload", false, error));
}

/* -- Output -------------------------------------------------------------------------------------------------------- */

bool cmd_store_saw_all(const stores_list *list)
{
    base_error warning;

    for (size_t i = 0; i < list->passed_count; i++) {
        base_error_set(&warning, "warning: passed over: %s", list->passed[i]);
        base_error_print(&warning, stderr);
    }
    return list->passed_count == 0;
}

void cmd_store_tell_damage(const char *path, uint64_t damaged)
{
    base_error warning;

    if (damaged == 0)
        return;
    base_error_set(&warning, "warning: %s: %" PRIu64 " damaged %s skipped (holdfast store list shows where)",
                   BASE_CUT(path), damaged, damaged == 1 ? "entry was" : "entries were");
    base_error_print(&warning, stderr);
}

int cmd_store_code(size_t failed, uint64_t damaged, const cmd_store_sources *sources)
{
    bool saw_all = cmd_store_saw_all(&sources->found);

    if (failed > 0 && failed == sources->count)
        return BASE_EXIT_UNCHECKED;
    return failed > 0 || damaged > 0 || !saw_all ? BASE_EXIT_PARTLY : BASE_EXIT_CLEAN;
}
