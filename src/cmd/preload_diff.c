/* holdfast preload diff OLD NEW: which names came, went, or changed their flag. Both may be any kind of file that holds a list. */
#include "cmd/preload.h"

#include <string.h>

typedef enum change { ADDED, REMOVED, CHANGED, CHANGES } change;

static const char *const change_names[] = {"added", "removed", "changed"};

typedef struct diff {
    preload_names old, new;
    size_t counts[CHANGES];
} diff;

typedef void (*on_change)(void *self, change kind, const hf_preload_entry *entry);

/* Two sorted lists side by side; `entry` is that of the new list, or of the old one if the name went. */
static void walk(const diff *d, on_change report, void *self)
{
    size_t i = 0, k = 0;

    while (i < d->old.count || k < d->new.count) {
        int order = i == d->old.count   ? 1
                    : k == d->new.count ? -1
                                        : strcmp(d->old.entries[i].name, d->new.entries[k].name);

        if (order < 0)
            report(self, REMOVED, &d->old.entries[i++]);
        else if (order > 0)
            report(self, ADDED, &d->new.entries[k++]);
        else if (d->old.entries[i++].include_subdomains != d->new.entries[k].include_subdomains)
            report(self, CHANGED, &d->new.entries[k++]);
        else
            k++;
    }
}

static void count(void *self, change kind, const hf_preload_entry *entry)
{
    size_t *counts = self;

    (void)entry;
    counts[kind]++;
}

static void print_change(void *self, change kind, const hf_preload_entry *entry)
{
    static const char marks[] = "+-~";
    static const base_style styles[] = {BASE_STYLE_GOOD, BASE_STYLE_BAD, BASE_STYLE_WARN};

    base_term_line(self, styles[kind], "%c %s %s", marks[kind], entry->name,
                   entry->include_subdomains ? "with its subdomains" : "without its subdomains");
}

static int print(const diff *d, const cmd_preload_settings *s)
{
    base_term term;

    base_term_init(&term, stdout, s->common.color);
    if (!s->common.quiet)
        walk(d, print_change, &term);
    base_term_line(&term, BASE_STYLE_BOLD, "%zu added, %zu removed, %zu changed", d->counts[ADDED], d->counts[REMOVED],
                   d->counts[CHANGED]);
    return BASE_EXIT_CLEAN;
}

typedef struct section {
    change kind;
    base_json *json;
} section;

static void write_change(void *self, change kind, const hf_preload_entry *entry)
{
    const section *wanted = self;

    if (kind != wanted->kind)
        return;
    base_json_object_begin(wanted->json);
    base_json_key(wanted->json, "name");
    base_json_string(wanted->json, entry->name);
    base_json_key(wanted->json, "include_subdomains");
    base_json_bool(wanted->json, entry->include_subdomains);
    base_json_object_end(wanted->json);
}

static int write_json(const diff *d)
{
    base_buffer out;
    base_json json;
    int code;

    base_buffer_init(&out, CMD_PRELOAD_DOCUMENT_MAX);
    base_json_init(&json, &out, true);
    base_json_object_begin(&json);
    for (int kind = 0; kind < CHANGES; kind++) {
        section wanted = {(change)kind, &json};
        base_json_key(&json, change_names[kind]);
        base_json_array_begin(&json);
        walk(d, write_change, &wanted);
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
        walk(&d, count, d.counts);
        code = s->common.json ? write_json(&d) : print(&d, s);
    } else {
        code = cmd_preload_fail("diff", &error, BASE_EXIT_USAGE);
    }
    preload_names_done(&d.old);
    preload_names_done(&d.new);
    return code;
}

static const char *const options[] = {"json", "quiet", NULL};

const cmd_preload_sub cmd_preload_diff = {"diff", "OLD NEW", 2, 2, options, run};
