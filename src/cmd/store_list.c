/*
 * holdfast store list: every entry of one store or several, with what is damaged, streamed: a million entries need no
 * more memory than ten.
 */
#include "report/store_list.h"
#include "base/progress.h"
#include "cmd/store.h"
#include "report/store_row.h"
#include "stores/row.h"

#include <stdlib.h>
#include <string.h>

#define DRAIN 65536 /* octets of output that are written at once */

typedef struct listing {
    const cmd_store_settings *settings;
    facts_store store;
    int64_t now;
    base_term term;
    base_buffer out; /* of JSON and CSV */
    base_json json;
    base_error *error;
    bool failed;            /* writing did */
    base_json damaged_json; /* the array that comes behind the entries gathers here */
    base_buffer damaged_out;
    report_store_counts counts;
    uint64_t damaged;  /* in all stores */
    char *const *only; /* names that were asked for; none: all */
    size_t only_count;
    base_progress progress;
} listing;

static bool is_text(const listing *l)
{
    return !l->settings->common.json && !l->settings->jsonl && !l->settings->csv;
}

/* -- One store ----------------------------------------------------------------------------------------------------- */

static bool is_wanted(const listing *l, const hf_row *row)
{
    for (size_t i = 0; i < l->only_count; i++) {
        if (strlen(l->only[i]) == row->host.length && memcmp(l->only[i], row->host.data, row->host.length) == 0)
            return true;
    }
    return l->only_count == 0;
}

static bool on_row(void *self, const hf_row *row)
{
    listing *l = self;
    const facts_store_row shown = stores_row(row, l->store.kind, l->now);

    if (!is_wanted(l, row))
        return true;
    l->counts.entries++;
    l->counts.expired += !shown.enforces;
    l->counts.nameless += row->host.length == 0;
    if (l->settings->jsonl) {
        report_store_row_line(&l->store, &shown, &l->out);
    } else if (l->settings->csv) {
        report_store_row_csv(&l->store, &shown, &l->out);
    } else if (l->settings->common.json) {
        base_json_object_begin(&l->json);
        report_store_row_json(&shown, &l->json);
        base_json_object_end(&l->json);
    } else {
        report_store_row_text(&shown, l->settings->common.verbose, &l->term);
    }
    if (l->out.length >= DRAIN)
        l->failed = !base_buffer_flush(&l->out, stdout, l->error);
    return !l->failed;
}

static void on_damage(void *self, const hf_row_damage *damage)
{
    listing *l = self;

    l->counts.damaged++;
    l->damaged++;
    if (l->settings->jsonl)
        report_store_damage_line(&l->store, damage, &l->out);
    else if (l->settings->csv)
        report_store_damage_csv(&l->store, damage, &l->out);
    else if (l->settings->common.json)
        report_store_damage_json(damage, &l->damaged_json);
    else
        report_store_damage_text(&l->store, damage);
}

static void on_progress(void *self, uint64_t done, uint64_t all)
{
    listing *l = self;

    if (all > 0 && !l->term.is_terminal)
        base_progress_tell(&l->progress, done, all, l->counts.entries);
}

static void begin_store(listing *l)
{
    l->counts = (report_store_counts){0};
    base_buffer_init(&l->damaged_out, CMD_STORE_OUTPUT_MAX);
    base_json_init(&l->damaged_json, &l->damaged_out, false);
    base_json_array_begin(&l->damaged_json);
    if (l->settings->common.json) {
        base_json_object_begin(&l->json);
        base_json_key_string(&l->json, "kind", l->store.kind);
        base_json_key_string(&l->json, "path", l->store.path);
        base_json_key(&l->json, "entries");
        base_json_array_begin(&l->json);
    } else if (is_text(l) && !l->settings->common.quiet) {
        base_term_line(&l->term, BASE_STYLE_BOLD, "%s:%s", l->store.kind, l->store.path);
    }
}

static void end_store(listing *l, const base_error *problem)
{
    base_json_array_end(&l->damaged_json);
    if (l->settings->common.json) {
        base_json_array_end(&l->json);
        base_json_key(&l->json, "damaged");
        base_json_number(&l->json, base_buffer_string(&l->damaged_out));
        if (problem != NULL)
            base_json_key_string(&l->json, "error", problem->text);
        base_json_object_end(&l->json);
    } else if (is_text(l) && !l->settings->common.quiet && problem == NULL) {
        report_store_counts_text(&l->counts, &l->term);
    }
    base_buffer_done(&l->damaged_out);
}

static bool list_store(listing *l, const stores_store *store, const stores_context *context)
{
    stores_reader reader = {&context->options, on_row, on_damage, on_progress, l};
    base_error problem = {{0}};
    bool read;

    l->store = (facts_store){store->kind, store->path};
    begin_store(l);
    base_progress_begin(&l->progress, "reading");
    read = stores_store_read(store, &reader, &problem);
    base_progress_end(&l->progress);
    if (!read)
        base_error_print(&problem, stderr);
    end_store(l, read ? NULL : &problem);
    return read;
}

/* -- All of them --------------------------------------------------------------------------------------------------- */

static int list_all(listing *l, const cmd_store_sources *sources, const stores_context *context)
{
    /* Whether there is an array must not depend on how many stores happen to be there. */
    bool many = l->settings->common.json && (l->settings->all || sources->count > 1);
    size_t unread = 0;

    if (many)
        base_json_array_begin(&l->json);
    if (l->settings->csv)
        report_store_csv_head(&l->out);
    for (size_t i = 0; i < sources->count && !l->failed; i++) {
        if (i > 0 && is_text(l) && !l->settings->common.quiet)
            base_term_gap(&l->term);
        unread += !list_store(l, &sources->items[i], context);
    }
    if (many)
        base_json_array_end(&l->json);
    if (l->settings->common.json)
        base_buffer_char(&l->out, '\n');
    if (l->failed || !base_buffer_flush(&l->out, stdout, l->error))
        return cmd_store_fail(l->error);
    return cmd_store_code(unread, l->damaged, sources);
}

static bool read_names(listing *l, const base_operands *operands, stores_context *context, base_arena *arena,
                       base_error *error)
{
    char **names = base_arena_take(arena, (operands->count + 1) * sizeof *names);
    hf_host host;

    for (size_t i = 0; i < operands->count; i++) {
        if (!stores_host(operands->items[i], &host, error))
            return false;
        names[i] = base_arena_string(arena, host.name);
        stores_context_add(context, names[i]);
    }
    l->only = names;
    l->only_count = operands->count;
    return true;
}

static int list(const cmd_store_settings *s, const base_operands *operands, const cmd_store_sources *sources)
{
    base_error error;
    listing l = {.settings = s, .now = cmd_now(&s->common), .error = &error};
    stores_context context;
    base_arena arena = {0};
    int code;

    if (!cmd_store_context(s, sources, &context, &error))
        return cmd_store_fail(&error);
    if (read_names(&l, operands, &context, &arena, &error)) {
        base_term_init(&l.term, stdout, s->common.color);
        base_buffer_init(&l.out, CMD_STORE_OUTPUT_MAX);
        base_json_init(&l.json, &l.out, true);
        code = list_all(&l, sources, &context);
        base_buffer_done(&l.out);
    } else {
        code = cmd_refuse("store list: %s", error.text);
    }
    base_arena_done(&arena);
    stores_context_done(&context);
    return code;
}

static int run(void *storage, const base_operands *operands)
{
    const cmd_store_settings *s = storage;
    cmd_store_sources sources;
    base_error error;

    if (!cmd_store_one_output("store list", s))
        return BASE_EXIT_USAGE;
    if (!cmd_store_sources_open(s, NULL, 0, &sources, &error))
        return cmd_refuse("store list: %s", error.text);
    int code = list(s, operands, &sources);
    cmd_store_sources_close(&sources);
    return code;
}

static const base_option options[] = {
    CMD_STORE_FROM,  CMD_STORE_ALL, CMD_STORE_ROOT,    CMD_STORE_TRIED,
    CMD_STORE_JSONL, CMD_STORE_CSV, CMD_STORE_TIMEOUT, {0},
};

const cmd_command cmd_store_list = {
    .name = "store list",
    .summary = "every entry of a store, or of those of the HOSTs",
    .usage = "[options] [HOST...]",
    .common = CMD_JSON | CMD_AT | CMD_QUIET | CMD_VERBOSE,
    .options = options,
    .settings_size = sizeof(cmd_store_settings),
    .defaults = &cmd_store_defaults,
    .run = run,
};
