/*
 * holdfast store list: every entry of one store or several, with what is damaged, streamed: a million entries need no more memory than ten.
 */
#include "base/csv.h"
#include "base/progress.h"
#include "cmd/store.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

typedef struct listing {
    const cmd_store_settings *settings;
    const stores_store *store;
    int64_t now;
    base_term term;
    base_buffer out; /* of JSON and CSV */
    base_json json;
    base_error *error;
    bool failed;            /* writing did */
    base_json damaged_json; /* the array that comes behind the entries gathers here */
    base_buffer damaged_out;
    uint64_t entries, expired, damaged, nameless;
    char *const *only; /* names that were asked for; none: all */
    size_t only_count;
    base_progress progress;
} listing;

static bool is_text(const listing *l)
{
    return !l->settings->common.json && !l->settings->jsonl && !l->settings->csv;
}

/* -- JSON, JSON Lines ---------------------------------------------------------------------------------------------------------- */

static void write_store(base_json *json, const stores_store *store)
{
    cmd_store_key_string(json, "kind", store->kind);
    cmd_store_key_string(json, "path", store->path);
}

static void write_damage(base_json *json, const hf_row_damage *damage)
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
    cmd_store_key_string(json, "reason", damage->reason);
    base_json_object_end(json);
}

static void drain(listing *l)
{
    l->failed = l->failed || !cmd_store_drain(&l->out, l->error);
}

/* A document a line: the writer begins anew on each. */
static void row_line(listing *l, const hf_row *row)
{
    base_json json;

    base_json_init(&json, &l->out, false);
    base_json_object_begin(&json);
    write_store(&json, l->store);
    cmd_store_row_json(row, l->store->kind, l->now, &json);
    base_json_object_end(&json);
    base_buffer_char(&l->out, '\n');
}

static void damage_line(listing *l, const hf_row_damage *damage)
{
    base_json json;

    base_json_init(&json, &l->out, false);
    base_json_object_begin(&json);
    write_store(&json, l->store);
    base_json_key(&json, "damaged");
    write_damage(&json, damage);
    base_json_object_end(&json);
    base_buffer_char(&l->out, '\n');
}

/* -- CSV ---------------------------------------------------------------------------------------------------------------------- */

static void csv_head(base_buffer *out)
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

static void csv_row(listing *l, const hf_row *row)
{
    base_buffer *out = &l->out;
    char text[CMD_STORE_MOMENT_MAX];

    base_csv_string(out, l->store->kind);
    base_csv_string(out, l->store->path);
    base_csv_cell(out, row->host.data, row->host.length);
    base_csv_cell(out, row->host_hash.data, row->host_hash.length);
    base_csv_string(out, row->include_subdomains ? "true" : "false");
    base_csv_string(out, cmd_store_moment(row->expires, text) ? text : "never");
    cmd_store_moment(row->observed, text);
    base_csv_string(out, text);
    csv_number(out, row->max_age != HF_TIME_UNKNOWN, (uint64_t)row->max_age);
    csv_number(out, row->port != 0, row->port);
    hf_span partition = cmd_store_partition(row, l->store->kind);
    base_csv_cell(out, partition.data, partition.length);
    base_csv_string(out, hf_row_state_name(row->state));
    base_csv_string(out, hf_row_is_expired(row, l->now) ? "true" : "false");
    csv_number(out, row->offset != HF_OFFSET_NONE, row->offset);
    base_csv_cell(out, row->raw.data, row->raw.length);
    base_csv_string(out, NULL);
    base_csv_end(out);
}

static void csv_damage(listing *l, const hf_row_damage *damage)
{
    base_csv_string(&l->out, l->store->kind);
    base_csv_string(&l->out, l->store->path);
    for (int i = 0; i < 10; i++)
        base_csv_string(&l->out, NULL);
    csv_number(&l->out, damage->offset != HF_OFFSET_NONE, damage->offset);
    base_csv_string(&l->out, NULL);
    base_csv_string(&l->out, damage->reason);
    base_csv_end(&l->out);
}

/* -- Text: the end, which is of one width, and the name ----------------------------------------------------------------------------- */

static void text_row(listing *l, const hf_row *row)
{
    char expires[CMD_STORE_MOMENT_MAX], observed[CMD_STORE_MOMENT_MAX];
    bool live = cmd_store_enforces(row, l->now), named = row->host.length > 0;
    hf_span name = named ? row->host : row->host_hash;
    hf_moment whole = {row->expires.seconds, 0};

    base_term_print(&l->term, live ? BASE_STYLE_PLAIN : BASE_STYLE_DIM, "%-20s  ",
                    cmd_store_moment(whole, expires) ? expires : "never");
    base_term_text(&l->term,
                   !named ? BASE_STYLE_WARN
                   : live ? BASE_STYLE_BOLD
                          : BASE_STYLE_DIM,
                   name.data, name.length);
    if (row->port != 0)
        base_term_print(&l->term, BASE_STYLE_PLAIN, " port %u", row->port);
    if (row->include_subdomains)
        base_term_print(&l->term, BASE_STYLE_PLAIN, " includeSubDomains");
    if (row->state != HF_ROW_SET)
        base_term_print(&l->term, BASE_STYLE_WARN, " %s", hf_row_state_name(row->state));
    else if (!live)
        base_term_print(&l->term, BASE_STYLE_WARN, row->max_age == 0 ? " max-age=0" : " expired");
    if (l->settings->common.verbose && cmd_store_moment(row->observed, observed))
        base_term_print(&l->term, BASE_STYLE_DIM, " since %s", observed);
    if (row->partition.length > 0)
        base_term_print(&l->term, BASE_STYLE_DIM, " %.*s", (int)row->partition.length, row->partition.data);
    base_term_gap(&l->term);
}

static void text_end(listing *l)
{
    base_term_print(&l->term, BASE_STYLE_DIM, "%" PRIu64 " %s", l->entries, l->entries == 1 ? "entry" : "entries");
    if (l->expired > 0)
        base_term_print(&l->term, BASE_STYLE_DIM, ", %" PRIu64 " not in force", l->expired);
    if (l->nameless > 0)
        base_term_print(&l->term, BASE_STYLE_DIM, ", %" PRIu64 " known by their hash only (--names FILE tries names)",
                        l->nameless);
    if (l->damaged > 0)
        base_term_print(&l->term, BASE_STYLE_BAD, ", %" PRIu64 " damaged", l->damaged);
    base_term_gap(&l->term);
}

/* -- One store ---------------------------------------------------------------------------------------------------------------- */

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

    if (!is_wanted(l, row))
        return true;
    l->entries++;
    l->expired += !cmd_store_enforces(row, l->now);
    l->nameless += row->host.length == 0;
    if (l->settings->jsonl) {
        row_line(l, row);
    } else if (l->settings->csv) {
        csv_row(l, row);
    } else if (l->settings->common.json) {
        base_json_object_begin(&l->json);
        cmd_store_row_json(row, l->store->kind, l->now, &l->json);
        base_json_object_end(&l->json);
    } else {
        text_row(l, row);
    }
    drain(l);
    return !l->failed;
}

static void on_damage(void *self, const hf_row_damage *damage)
{
    listing *l = self;
    base_error text;

    l->damaged++;
    if (l->settings->jsonl) {
        damage_line(l, damage);
    } else if (l->settings->csv) {
        csv_damage(l, damage);
    } else if (l->settings->common.json) {
        write_damage(&l->damaged_json, damage);
    } else {
        char place[64] = "";
        if (damage->line != 0)
            snprintf(place, sizeof place, ":%" PRIu64, damage->line);
        else if (damage->offset != HF_OFFSET_NONE)
            snprintf(place, sizeof place, ": offset %" PRIu64, damage->offset);
        base_error_set(&text, "warning: %s%s: %s", l->store->path, place, damage->reason);
        base_error_print(&text, stderr);
    }
}

static void on_progress(void *self, uint64_t done, uint64_t all)
{
    listing *l = self;

    if (all > 0 && !l->term.is_terminal)
        base_progress_tell(&l->progress, done, all, l->entries);
}

static void begin_store(listing *l)
{
    l->entries = l->expired = l->damaged = l->nameless = 0;
    base_buffer_init(&l->damaged_out, CMD_STORE_OUTPUT_MAX);
    base_json_init(&l->damaged_json, &l->damaged_out, false);
    base_json_array_begin(&l->damaged_json);
    if (l->settings->common.json) {
        base_json_object_begin(&l->json);
        write_store(&l->json, l->store);
        base_json_key(&l->json, "entries");
        base_json_array_begin(&l->json);
    } else if (is_text(l) && !l->settings->common.quiet) {
        base_term_line(&l->term, BASE_STYLE_BOLD, "%s:%s", l->store->kind, l->store->path);
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
            cmd_store_key_string(&l->json, "error", problem->text);
        base_json_object_end(&l->json);
    } else if (is_text(l) && !l->settings->common.quiet && problem == NULL) {
        text_end(l);
    }
    base_buffer_done(&l->damaged_out);
}

static bool list_store(listing *l, const cmd_store_codec *codec)
{
    stores_reader reader = {&codec->options, on_row, on_damage, on_progress, l};
    base_error problem = {{0}};

    begin_store(l);
    base_progress_begin(&l->progress, "reading");
    bool read = stores_store_read(l->store, &reader, &problem);
    base_progress_end(&l->progress);
    if (!read)
        base_error_print(&problem, stderr);
    end_store(l, read ? NULL : &problem);
    return read;
}

/* -- All of them --------------------------------------------------------------------------------------------------------------- */

static int list_all(listing *l, const cmd_store_sources *sources, const cmd_store_codec *codec)
{
    /* Whether there is an array must not depend on how many stores happen to be there. */
    bool many = l->settings->common.json && (l->settings->all || sources->count > 1);
    size_t unread = 0;

    if (many)
        base_json_array_begin(&l->json);
    if (l->settings->csv)
        csv_head(&l->out);
    for (size_t i = 0; i < sources->count && !l->failed; i++) {
        if (i > 0 && is_text(l) && !l->settings->common.quiet)
            base_term_gap(&l->term);
        l->store = &sources->items[i];
        unread += !list_store(l, codec);
    }
    if (many)
        base_json_array_end(&l->json);
    if (l->settings->common.json)
        base_buffer_char(&l->out, '\n');
    if (l->failed || !base_buffer_flush(&l->out, stdout, l->error))
        return cmd_store_fail(l->error);
    return unread == 0 ? BASE_EXIT_CLEAN : unread < sources->count ? BASE_EXIT_PARTLY : BASE_EXIT_UNCHECKED;
}

static bool read_names(listing *l, const base_operands *operands, cmd_store_codec *codec, base_arena *arena,
                       base_error *error)
{
    char **names = base_arena_take(arena, (operands->count + 1) * sizeof *names);
    hf_host host;

    for (size_t i = 0; i < operands->count; i++) {
        if (!stores_host(operands->items[i], &host, error))
            return false;
        names[i] = base_arena_string(arena, host.name);
        cmd_store_codec_add(codec, names[i]);
    }
    l->only = names;
    l->only_count = operands->count;
    return true;
}

static int list(const cmd_store_settings *s, const base_operands *operands, const cmd_store_sources *sources)
{
    base_error error;
    listing l = {.settings = s, .now = cmd_now(&s->common), .error = &error};
    cmd_store_codec codec;
    base_arena arena = {0};
    int code;

    if (!cmd_store_codec_init(&codec, s, sources, &error))
        return cmd_store_fail(&error);
    if (read_names(&l, operands, &codec, &arena, &error)) {
        base_term_init(&l.term, stdout, s->common.color);
        base_buffer_init(&l.out, CMD_STORE_OUTPUT_MAX);
        base_json_init(&l.json, &l.out, true);
        code = list_all(&l, sources, &codec);
        base_buffer_done(&l.out);
    } else {
        code = cmd_refuse("store list: %s", error.text);
    }
    base_arena_done(&arena);
    cmd_store_codec_done(&codec);
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
    CMD_STORE_FROM, CMD_STORE_ALL, CMD_STORE_ROOT, CMD_STORE_TRIED, CMD_STORE_JSONL, CMD_STORE_CSV, {0},
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
