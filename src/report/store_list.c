#include "report/store_list.h"

#include "base/csv.h"
#include "base/escape.h"
#include "report/store_row.h"

#include <inttypes.h>

/* -- JSON, JSON Lines ---------------------------------------------------------------------------------------------- */

static void write_store(base_json *json, const facts_store *store)
{
    base_json_key_string(json, "kind", store->kind);
    base_json_key_string(json, "path", store->path);
}

void report_store_damage_json(const hf_row_damage *damage, base_json *json)
{
    base_json_object_begin(json);
    base_json_key(json, "offset");
    if (damage->offset != HF_OFFSET_NONE)
        base_json_int(json, (int64_t)damage->offset);
    else
        base_json_null(json);
    base_json_key(json, "line");
    if (damage->line != 0)
        base_json_int(json, (int64_t)damage->line);
    else
        base_json_null(json);
    base_json_key_string(json, "reason", damage->reason);
    base_json_object_end(json);
}

/* The writer begins anew on each line. */
void report_store_row_line(const facts_store *store, const facts_store_row *row, base_buffer *out)
{
    base_json json;

    base_json_init(&json, out, false);
    base_json_object_begin(&json);
    write_store(&json, store);
    report_store_row_json(row, &json);
    base_json_object_end(&json);
    base_buffer_char(out, '\n');
}

void report_store_damage_line(const facts_store *store, const hf_row_damage *damage, base_buffer *out)
{
    base_json json;

    base_json_init(&json, out, false);
    base_json_object_begin(&json);
    write_store(&json, store);
    base_json_key(&json, "damaged");
    report_store_damage_json(damage, &json);
    base_json_object_end(&json);
    base_buffer_char(out, '\n');
}

/* -- CSV ----------------------------------------------------------------------------------------------------------- */

void report_store_csv_head(base_buffer *out)
{
    static const char *const names[] = {"kind",    "path",     "host",    "host_hash", "include_subdomains",
                                        "expires", "observed", "max_age", "port",      "partition",
                                        "state",   "expired",  "offset",  "raw",       "damaged"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        base_csv_string(out, names[i]);
    base_csv_end(out);
}

static void csv_number(base_buffer *out, bool known, uint64_t value)
{
    char digits[24] = "";

    if (known)
        snprintf(digits, sizeof digits, "%" PRIu64, value);
    base_csv_string(out, digits);
}

void report_store_row_csv(const facts_store *store, const facts_store_row *shown, base_buffer *out)
{
    const hf_row *row = shown->row;
    char text[REPORT_MOMENT_MAX];

    base_csv_string(out, store->kind);
    base_csv_string(out, store->path);
    base_csv_cell(out, row->host.data, row->host.length);
    base_csv_cell(out, row->host_hash.data, row->host_hash.length);
    base_csv_string(out, row->include_subdomains ? "true" : "false");
    base_csv_string(out, report_moment(row->expires, text) ? text : "never");
    report_moment(row->observed, text);
    base_csv_string(out, text);
    csv_number(out, row->max_age != HF_TIME_UNKNOWN, (uint64_t)row->max_age);
    csv_number(out, row->port != 0, row->port);
    base_csv_cell(out, shown->partition.data, shown->partition.length);
    base_csv_string(out, hf_row_state_name(row->state));
    base_csv_string(out, shown->expired ? "true" : "false");
    csv_number(out, row->offset != HF_OFFSET_NONE, row->offset);
    base_csv_cell(out, row->raw.data, row->raw.length);
    base_csv_string(out, NULL);
    base_csv_end(out);
}

void report_store_damage_csv(const facts_store *store, const hf_row_damage *damage, base_buffer *out)
{
    base_csv_string(out, store->kind);
    base_csv_string(out, store->path);
    for (int i = 0; i < 10; i++)
        base_csv_string(out, NULL);
    csv_number(out, damage->offset != HF_OFFSET_NONE, damage->offset);
    base_csv_string(out, NULL);
    base_csv_string(out, damage->reason);
    base_csv_end(out);
}

/* -- Text ---------------------------------------------------------------------------------------------------------- */

void report_store_row_text(const facts_store_row *shown, bool verbose, base_term *term)
{
    const hf_row *row = shown->row;
    char expires[REPORT_MOMENT_MAX], observed[REPORT_MOMENT_MAX];
    bool live = shown->enforces, named = row->host.length > 0;
    hf_span name = named ? row->host : row->host_hash;
    hf_moment whole = {row->expires.seconds, 0};

    base_term_print(term, live ? BASE_STYLE_PLAIN : BASE_STYLE_DIM, "%-20s  ",
                    report_moment(whole, expires) ? expires : "never");
    base_term_text(term, !named ? BASE_STYLE_WARN : live ? BASE_STYLE_BOLD : BASE_STYLE_DIM, name.data, name.length);
    if (row->port != 0)
        base_term_print(term, BASE_STYLE_PLAIN, " port %u", row->port);
    if (row->include_subdomains)
        base_term_print(term, BASE_STYLE_PLAIN, " includeSubDomains");
    if (row->state != HF_ROW_SET)
        base_term_print(term, BASE_STYLE_WARN, " %s", hf_row_state_name(row->state));
    else if (!live)
        base_term_print(term, BASE_STYLE_WARN, row->max_age == 0 ? " max-age=0" : " expired");
    if (verbose && report_moment(row->observed, observed))
        base_term_print(term, BASE_STYLE_DIM, " since %s", observed);
    if (row->partition.length > 0)
        base_term_print(term, BASE_STYLE_DIM, " %.*s", (int)row->partition.length, row->partition.data);
    base_term_gap(term);
}

void report_store_counts_text(const report_store_counts *counts, base_term *term)
{
    base_term_print(term, BASE_STYLE_DIM, "%" PRIu64 " %s", counts->entries,
                    counts->entries == 1 ? "entry" : "entries");
    if (counts->expired > 0)
        base_term_print(term, BASE_STYLE_DIM, ", %" PRIu64 " not in force", counts->expired);
    if (counts->nameless > 0)
        base_term_print(term, BASE_STYLE_DIM, ", %" PRIu64 " known by their hash only (--names FILE tries names)",
                        counts->nameless);
    if (counts->damaged > 0)
        base_term_print(term, BASE_STYLE_BAD, ", %" PRIu64 " damaged", counts->damaged);
    base_term_gap(term);
}

void report_store_damage_text(const facts_store *store, const hf_row_damage *damage)
{
    char place[64] = "";
    base_error text;

    if (damage->line != 0)
        snprintf(place, sizeof place, ":%" PRIu64, damage->line);
    else if (damage->offset != HF_OFFSET_NONE)
        snprintf(place, sizeof place, ": offset %" PRIu64, damage->offset);
    base_error_set(&text, "warning: %s%s: %s", store->path, place, damage->reason);
    base_error_print(&text, stderr);
}
