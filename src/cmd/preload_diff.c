/*
 * holdfast preload diff OLD NEW: which names came, went, or changed their flag. Both may be any kind of file that
 * holds a list.
 */
#include "cmd/preload.h"
#include "preload/diff.h"
#include "report/preload.h"

typedef struct diff {
    preload_names old, new;
    size_t counts[FACTS_PRELOAD_CHANGES];
} diff;

static void count(void *self, facts_preload_change kind, const hf_preload_entry *entry)
{
    size_t *counts = self;

    (void)entry;
    counts[kind]++;
}

static void print_change(void *self, facts_preload_change kind, const hf_preload_entry *entry)
{
    report_preload_change_text(kind, entry, self);
}

static int print(const diff *d, const cmd_preload_settings *s)
{
    base_term term;

    base_term_init(&term, stdout, s->common.color);
    if (!s->common.quiet)
        preload_diff(&d->old, &d->new, print_change, &term);
    base_term_line(&term, BASE_STYLE_BOLD, "%zu added, %zu removed, %zu changed", d->counts[FACTS_PRELOAD_ADDED],
                   d->counts[FACTS_PRELOAD_REMOVED], d->counts[FACTS_PRELOAD_CHANGED]);
    return BASE_EXIT_CLEAN;
}

typedef struct section {
    facts_preload_change kind;
    base_json *json;
} section;

static void write_change(void *self, facts_preload_change kind, const hf_preload_entry *entry)
{
    const section *wanted = self;

    if (kind == wanted->kind)
        report_preload_entry_json(entry, wanted->json);
}

static int write_json(const diff *d)
{
    base_buffer out;
    base_json json;
    int code;

    base_buffer_init(&out, CMD_PRELOAD_DOCUMENT_MAX);
    base_json_init(&json, &out, true);
    base_json_object_begin(&json);
    for (int kind = 0; kind < FACTS_PRELOAD_CHANGES; kind++) {
        section wanted = {(facts_preload_change)kind, &json};

        base_json_key(&json, report_preload_change_name(wanted.kind));
        base_json_array_begin(&json);
        preload_diff(&d->old, &d->new, write_change, &wanted);
        base_json_array_end(&json);
    }
    base_json_object_end(&json);
    base_buffer_char(&out, '\n');
    code = cmd_preload_write("diff", &out);
    base_buffer_done(&out);
    return code;
}

static int run(const cmd_preload_settings *s, const base_operands *operands)
{
    diff d = {.counts = {0}};
    base_error error;
    int code;

    preload_names_init(&d.old);
    preload_names_init(&d.new);
    if (preload_names_load(&d.old, operands->items[0], &error) &&
        preload_names_load(&d.new, operands->items[1], &error)) {
        preload_diff(&d.old, &d.new, count, d.counts);
        code = s->common.json ? write_json(&d) : print(&d, s);
    } else {
        code = cmd_preload_fail("diff", &error, BASE_EXIT_USAGE);
    }
    preload_names_done(&d.old);
    preload_names_done(&d.new);
    return code;
}

static const char *const options[] = {"json", "quiet", NULL};

const cmd_preload_sub cmd_preload_diff = {"diff", "OLD NEW", 2, 2, false, options, run};
