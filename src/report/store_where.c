#include "report/store_where.h"

#include "base/csv.h"
#include "base/table.h"

#include <inttypes.h>

/* -- JSON, CSV ----------------------------------------------------------------------------------------------------- */

static void write_place(const facts_store_place *p, base_json *json)
{
    base_json_object_begin(json);
    base_json_key_string(json, "kind", p->store.kind);
    base_json_key_string(json, "path", p->store.path);
    base_json_key_string(json, "program", p->program);
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
    if (p->running == FACTS_RUNNING_UNKNOWN)
        base_json_null(json);
    else
        base_json_bool(json, p->running == FACTS_RUNNING);
    base_json_key_string(json, "running_as", p->running == FACTS_RUNNING ? p->who : NULL);
    base_json_key_string(json, "error", p->readable ? NULL : p->problem.text);
    base_json_object_end(json);
}

void report_store_places_json(const facts_store_place *places, size_t count, base_buffer *out)
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

void report_store_places_lines(const facts_store_place *places, size_t count, base_buffer *out)
{
    for (size_t i = 0; i < count; i++) {
        base_json json;
        base_json_init(&json, out, false);
        write_place(&places[i], &json);
        base_buffer_char(out, '\n');
    }
}

static const char *running_text(const facts_store_place *p)
{
    return p->running == FACTS_RUNNING ? "yes" : p->running == FACTS_IDLE ? "no" : "unknown";
}

void report_store_places_csv(const facts_store_place *places, size_t count, base_buffer *out)
{
    static const char *const names[] = {"kind", "path", "program", "entries", "damaged", "size", "running", "error"};
    char number[24];

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        base_csv_string(out, names[i]);
    base_csv_end(out);
    for (const facts_store_place *p = places; p < places + count; p++) {
        base_csv_string(out, p->store.kind);
        base_csv_string(out, p->store.path);
        base_csv_string(out, p->program);
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

/* -- Text ---------------------------------------------------------------------------------------------------------- */

static void add_number(base_table *table, int64_t number, const char *one, const char *many)
{
    char text[64];

    snprintf(text, sizeof text, "%" PRId64 " %s", number, number == 1 ? one : many);
    base_table_add(table, BASE_STYLE_PLAIN, text);
}

static void add_entries(const facts_store_place *p, base_table *table)
{
    char text[96];

    if (p->damaged == 0) {
        add_number(table, (int64_t)p->entries, "entry", "entries");
        return;
    }
    snprintf(text, sizeof text, "%" PRIu64 " %s, %" PRIu64 " damaged", p->entries,
             p->entries == 1 ? "entry" : "entries", p->damaged);
    base_table_add(table, BASE_STYLE_BAD, text);
}

static void add_place(const facts_store_place *p, base_table *table)
{
    base_table_add(table, BASE_STYLE_PLAIN, p->program);
    if (p->readable)
        add_entries(p, table);
    else
        base_table_add(table, BASE_STYLE_BAD, "unreadable");
    add_number(table, p->size, "octet", "octets");
    base_table_add(table, p->running == FACTS_RUNNING ? BASE_STYLE_WARN : BASE_STYLE_DIM,
                   p->running == FACTS_RUNNING ? "running"
                   : p->running == FACTS_IDLE  ? "not running"
                                               : "running?");
    base_table_add(table, BASE_STYLE_BOLD, p->store.kind);
    base_table_add(table, BASE_STYLE_PLAIN, p->store.path);
}

void report_store_places_text(const facts_store_place *places, size_t count, base_term *term)
{
    base_table table;

    base_table_init(&table, 6);
    for (size_t i = 0; i < count; i++)
        add_place(&places[i], &table);
    base_table_print(&table, term, 0);
    base_table_done(&table);
    for (size_t i = 0; i < count; i++) {
        if (!places[i].readable)
            base_error_print(&places[i].problem, stderr);
    }
    if (count == 0)
        base_term_line(term, BASE_STYLE_PLAIN, "no store was found");
}
