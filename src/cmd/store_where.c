/*
 * holdfast store where: the stores that are there.
 */
#include "base/csv.h"
#include "base/table.h"
#include "cmd/store.h"
#include "stores/running.h"

#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>

typedef struct place {
    const stores_found *found;
    uint64_t entries, damaged;
    int64_t size;
    bool readable;
    stores_running running;
    char who[STORES_WHO_MAX];
    base_error problem;
} place;

static bool count_row(void *self, const hf_row *row)
{
    place *p = self;

    (void)row;
    p->entries++;
    return true;
}

static void count_damage(void *self, const hf_row_damage *damage)
{
    place *p = self;

    (void)damage;
    p->damaged++;
}

static void look_at(place *p, const stores_found *found, const cmd_store_codec *codec)
{
    stores_store store = {found->kind, found->path, hf_format_find(found->kind)};
    stores_reader reader = {&codec->options, count_row, count_damage, NULL, p};
    struct stat status;

    *p = (place){.found = found};
    p->running = stores_is_running(found->kind, found->path, p->who);
    p->size = stat(found->path, &status) == 0 ? (int64_t)status.st_size : 0;
    p->readable = stores_store_read(&store, &reader, &p->problem);
}

/* -- JSON, CSV ---------------------------------------------------------------------------------------------------------------- */

static void write_place(const place *p, base_json *json)
{
    base_json_object_begin(json);
    cmd_store_key_string(json, "kind", p->found->kind);
    cmd_store_key_string(json, "path", p->found->path);
    cmd_store_key_string(json, "program", p->found->program);
    base_json_key(json, "entries");
    if (p->readable)
        base_json_int(json, (int64_t)p->entries);
    else
        base_json_null(json);
    base_json_key(json, "damaged");
    base_json_int(json, (int64_t)p->damaged);
    base_json_key(json, "size");
    base_json_int(json, p->size);
    base_json_key(json, "running");
    if (p->running == STORES_UNKNOWN)
        base_json_null(json);
    else
        base_json_bool(json, p->running == STORES_RUNNING);
    cmd_store_key_string(json, "running_as", p->running == STORES_RUNNING ? p->who : NULL);
    cmd_store_key_string(json, "error", p->readable ? NULL : p->problem.text);
    base_json_object_end(json);
}

static void write_json(const place *places, size_t count, base_buffer *out)
{
    base_json json;

    base_json_init(&json, out, true);
    base_json_object_begin(&json);
    base_json_key(&json, "stores");
    base_json_array_begin(&json);
    for (size_t i = 0; i < count; i++)
        write_place(&places[i], &json);
    base_json_array_end(&json);
    base_json_object_end(&json);
    base_buffer_char(out, '\n');
}

static void write_lines(const place *places, size_t count, base_buffer *out)
{
    for (size_t i = 0; i < count; i++) {
        base_json json;
        base_json_init(&json, out, false);
        write_place(&places[i], &json);
        base_buffer_char(out, '\n');
    }
}

static const char *running_text(const place *p)
{
    return p->running == STORES_RUNNING ? "yes" : p->running == STORES_IDLE ? "no" : "unknown";
}

static void write_csv(const place *places, size_t count, base_buffer *out)
{
    static const char *const names[] = {"kind", "path", "program", "entries", "damaged", "size", "running", "error"};
    char number[24];

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        base_csv_string(out, names[i]);
    base_csv_end(out);
    for (const place *p = places; p < places + count; p++) {
        base_csv_string(out, p->found->kind);
        base_csv_string(out, p->found->path);
        base_csv_string(out, p->found->program);
        snprintf(number, sizeof number, "%" PRIu64, p->entries);
        base_csv_string(out, p->readable ? number : NULL);
        snprintf(number, sizeof number, "%" PRIu64, p->damaged);
        base_csv_string(out, number);
        snprintf(number, sizeof number, "%" PRId64, p->size);
        base_csv_string(out, number);
        base_csv_string(out, running_text(p));
        base_csv_string(out, p->readable ? NULL : p->problem.text);
        base_csv_end(out);
    }
}

/* -- Text --------------------------------------------------------------------------------------------------------------------- */

static void add_number(base_table *table, int64_t number, const char *one, const char *many)
{
    char text[64];

    snprintf(text, sizeof text, "%" PRId64 " %s", number, number == 1 ? one : many);
    base_table_add(table, BASE_STYLE_PLAIN, text);
}

static void add_place(const place *p, base_table *table)
{
    base_table_add(table, BASE_STYLE_PLAIN, p->found->program);
    if (p->readable)
        add_number(table, (int64_t)p->entries, "entry", "entries");
    else
        base_table_add(table, BASE_STYLE_BAD, "unreadable");
    add_number(table, p->size, "octet", "octets");
    base_table_add(table, p->running == STORES_RUNNING ? BASE_STYLE_WARN : BASE_STYLE_DIM,
                   p->running == STORES_RUNNING ? "running"
                   : p->running == STORES_IDLE  ? "not running"
                                                : "running?");
    base_table_add(table, BASE_STYLE_BOLD, p->found->kind);
    base_table_add(table, BASE_STYLE_PLAIN, p->found->path);
}

static void print(const place *places, size_t count, const cmd_store_settings *s)
{
    base_table table;
    base_term term;

    base_term_init(&term, stdout, s->common.color);
    base_table_init(&table, 6);
    for (size_t i = 0; i < count; i++)
        add_place(&places[i], &table);
    base_table_print(&table, &term, 0);
    base_table_done(&table);
    for (size_t i = 0; i < count; i++) {
        if (!places[i].readable)
            base_error_print(&places[i].problem, stderr);
    }
    if (count == 0)
        base_term_line(&term, BASE_STYLE_PLAIN, "no store was found");
}

static int show(const place *places, size_t count, const cmd_store_settings *s)
{
    base_buffer out;
    base_error error;
    bool written;

    if (!s->common.json && !s->jsonl && !s->csv) {
        print(places, count, s);
        return BASE_EXIT_CLEAN;
    }
    base_buffer_init(&out, CMD_STORE_OUTPUT_MAX);
    if (s->common.json)
        write_json(places, count, &out);
    else if (s->jsonl)
        write_lines(places, count, &out);
    else
        write_csv(places, count, &out);
    written = base_buffer_flush(&out, stdout, &error);
    base_buffer_done(&out);
    return written ? BASE_EXIT_CLEAN : cmd_store_fail(&error);
}

static int run(void *storage, const base_operands *operands)
{
    const cmd_store_settings *s = storage;
    cmd_store_codec codec;
    stores_list list;
    base_error error;

    if (operands->count > 0)
        return cmd_refuse("store where: '%s' is one too many: where takes no operand", operands->items[0]);
    if (!cmd_store_one_output("store where", s))
        return BASE_EXIT_USAGE;
    if (!cmd_store_root(s, &error))
        return cmd_refuse("store where: %s", error.text);
    if (!cmd_store_codec_init(&codec, s, NULL, &error))
        return cmd_store_fail(&error);
    stores_find(s->root, &list);
    place *places = base_allocate((list.count + 1) * sizeof *places);
    for (size_t i = 0; i < list.count; i++)
        look_at(&places[i], &list.items[i], &codec);
    int code = show(places, list.count, s);
    free(places);
    stores_list_done(&list);
    cmd_store_codec_done(&codec);
    return code;
}

static const base_option options[] = {CMD_STORE_ROOT, CMD_STORE_JSONL, CMD_STORE_CSV, {0}};

const cmd_command cmd_store_where = {
    .name = "store where",
    .summary = "the stores of this user: kind, path, entries, size, is the program running",
    .usage = "[options]",
    .common = CMD_JSON,
    .options = options,
    .settings_size = sizeof(cmd_store_settings),
    .defaults = &cmd_store_defaults,
    .run = run,
};
