/*
 * holdfast store diff A B: what one store says and the other does not.
 */
#include "report/store_diff.h"
#include "cmd/store.h"
#include "stores/diff.h"

#include <inttypes.h>

#define OUTPUT_MAX ((size_t)1 << 30)

typedef struct output {
    const cmd_store_settings *settings;
    base_term term;
    base_json json;
    uint64_t only_a, only_b, differ;
} output;

static void on_difference(void *self, const hf_row *a, const hf_row *b)
{
    output *o = self;

    o->only_a += b == NULL;
    o->only_b += a == NULL;
    o->differ += a != NULL && b != NULL;
    if (o->settings->common.json)
        report_store_difference_json(a, b, &o->json);
    else
        report_store_difference_text(a, b, &o->term);
}

static bool write_json(output *o, const stores_diff *diff, base_error *error)
{
    base_buffer out;
    uint64_t same;

    cmd_document_begin(&out, &o->json, OUTPUT_MAX);
    base_json_object_begin(&o->json);
    base_json_key(&o->json, "differences");
    base_json_array_begin(&o->json);
    same = stores_diff_walk(diff, on_difference, o);
    base_json_array_end(&o->json);
    base_json_key_int(&o->json, "same", (int64_t)same);
    base_json_object_end(&o->json);
    return cmd_document_end(&out, error);
}

static void print_text(output *o, const cmd_store_sources *sources, const stores_diff *diff)
{
    const stores_store *a = &sources->items[0], *b = &sources->items[1];
    uint64_t same;

    base_term_init(&o->term, stdout, o->settings->common.color);
    if (!o->settings->common.quiet) {
        base_term_line(&o->term, BASE_STYLE_BOLD, "--- %s:%s", a->kind, a->path);
        base_term_line(&o->term, BASE_STYLE_BOLD, "+++ %s:%s", b->kind, b->path);
    }
    same = stores_diff_walk(diff, on_difference, o);
    if (!o->settings->common.quiet)
        base_term_line(&o->term, BASE_STYLE_DIM,
                       "%" PRIu64 " the same, %" PRIu64 " different, %" PRIu64 " only in the first, %" PRIu64
                       " only in the second",
                       same, o->differ, o->only_a, o->only_b);
}

static bool compare(const cmd_store_settings *s, const cmd_store_sources *sources, stores_context *context,
                    uint64_t *damaged, base_error *error)
{
    output o = {.settings = s};
    stores_diff *diff;
    bool done = true;

    if (!stores_diff_open(sources->items, context, &diff, error))
        return false;
    if (s->common.json)
        done = write_json(&o, diff, error);
    else
        print_text(&o, sources, diff);
    for (size_t i = 0; i < 2; i++) {
        cmd_store_tell_damage(sources->items[i].path, stores_diff_damaged(diff, i));
        *damaged += stores_diff_damaged(diff, i);
    }
    stores_diff_close(diff);
    return done;
}

static int run(void *storage, const base_operands *operands)
{
    const cmd_store_settings *s = storage;
    cmd_store_sources sources;
    stores_context context;
    uint64_t damaged = 0;
    base_error error;
    bool done;

    if (operands->count != 2)
        return cmd_refuse("store diff: two stores: holdfast store diff KIND:PATH KIND:PATH");
    if (!cmd_store_sources_open(s, operands->items, 2, &sources, &error))
        return cmd_refuse("store diff: %s", error.text);
    done = cmd_store_context(s, &sources, &context, &error);
    if (done) {
        done = compare(s, &sources, &context, &damaged, &error);
        stores_context_done(&context);
    }
    int code = done ? cmd_store_code(0, damaged, &sources) : cmd_store_fail(&error);
    cmd_store_sources_close(&sources);
    return code;
}

static const base_option options[] = {CMD_STORE_TRIED, CMD_STORE_TIMEOUT, {0}};

const cmd_command cmd_store_diff = {
    .name = "store diff",
    .summary = "what one store says and the other does not",
    .usage = "[options] KIND:PATH KIND:PATH",
    .common = CMD_JSON | CMD_QUIET | CMD_AT,
    .options = options,
    .settings_size = sizeof(cmd_store_settings),
    .defaults = &cmd_store_defaults,
    .run = run,
};
