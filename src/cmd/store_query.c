/*
 * holdfast store query HOST...: what each store says about a host: which entry covers it, since when, until when, and what would lift it.
 */
#include "base/time.h"
#include "cmd/store.h"
#include "cmd/store_listed.h"
#include "stores/places.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* The best row so far, its texts copied. */
typedef struct answer {
    bool found;
    bool enforces;
    size_t depth; /* octets of the host in front of the row's name; 0: the host itself */
    hf_row row;
    base_arena arena;
} answer;

typedef struct question {
    hf_host host;
    answer best;
    cmd_store_walk walk;
    cmd_store_listed listed;
} question;

typedef struct querying {
    const cmd_store_settings *settings;
    const stores_store *store;
    question *questions;
    size_t count;
    preload_lists lists;
    int64_t now;
    uint64_t damaged;
    base_term term;
    base_json json;
} querying;

/* True if `name` is the host or a parent of it; *depth then is where it begins. */
static bool covers(const hf_host *host, hf_span name, size_t *depth)
{
    if (name.length == 0 || name.length > host->length)
        return false;
    *depth = host->length - name.length;
    return memcmp(host->name + *depth, name.data, name.length) == 0 && (*depth == 0 || host->name[*depth - 1] == '.');
}

/* What enforces beats what does not; the nearer name beats the farther; of one name the row that ends later. */
static bool is_better(const answer *best, const hf_row *row, size_t depth, bool enforces)
{
    if (!best->found || enforces != best->enforces)
        return !best->found || enforces;
    if (depth != best->depth)
        return depth < best->depth;
    return row->expires.seconds > best->row.expires.seconds;
}

static void take(answer *best, const hf_row *row, size_t depth, bool enforces)
{
    base_arena_done(&best->arena);
    *best = (answer){.found = true, .enforces = enforces, .depth = depth, .row = *row};
    best->row.host.data = base_arena_copy(&best->arena, row->host.data, row->host.length);
    if (row->partition.length > 0)
        best->row.partition.data = base_arena_copy(&best->arena, row->partition.data, row->partition.length);
    best->row.host_hash = best->row.raw = (hf_span){0};
}

static bool on_row(void *self, const hf_row *row)
{
    querying *q = self;
    size_t depth;

    for (size_t i = 0; i < q->count; i++) {
        question *asked = &q->questions[i];
        bool enforces = cmd_store_enforces(row, q->now);
        if (row->state == HF_ROW_HPKP || !covers(&asked->host, row->host, &depth))
            continue;
        asked->walk.has_say[depth] = asked->walk.has_say[depth] || row->state != HF_ROW_UNSET;
        if (depth > 0 && (!row->include_subdomains || !enforces))
            continue;
        if (is_better(&asked->best, row, depth, enforces))
            take(&asked->best, row, depth, enforces);
    }
    return true;
}

static void on_damage(void *self, const hf_row_damage *damage)
{
    querying *q = self;

    (void)damage;
    q->damaged++;
}

/* -- What it means -------------------------------------------------------------------------------------------------------------- */

/* Safari marks what it preloads by an end that never comes. */
static bool is_preloaded(const querying *q, const answer *best)
{
    return strcmp(q->store->kind, "safari") == 0 && best->row.expires.seconds == HF_TIME_NEVER;
}

static bool is_browser(const char *kind)
{
    return strcmp(kind, "chromium") == 0 || strncmp(kind, "firefox", 7) == 0 || strcmp(kind, "safari") == 0;
}

static const char *why_not(const hf_row *row)
{
    switch (row->state) {
    case HF_ROW_UNSET:
        return "noted as having no HSTS";
    case HF_ROW_KNOCKOUT:
        return "preloaded, but the host sent max-age=0 and this browser lets that win";
    case HF_ROW_NEGATIVE:
        return "was asked, and has no HSTS";
    case HF_ROW_SET:
    case HF_ROW_HPKP:
        break;
    }
    return row->max_age == 0 ? "max-age=0: never in force" : "expired";
}

static bool is_enforced(const question *asked)
{
    return asked->best.enforces || asked->listed.enforces;
}

static const char *lifting(const querying *q, const question *asked, base_arena *arena)
{
    const char *page = stores_page_of(q->store->kind, q->store->path);
    const answer *best = &asked->best;

    if (asked->listed.enforces || (best->enforces && is_preloaded(q, best)))
        return CMD_STORE_PRELOADED;
    if (asked->listed.walls)
        return CMD_STORE_PRELOADED_ONCE;
    if (!best->enforces)
        return NULL;
    if (page != NULL && is_browser(q->store->kind))
        return base_arena_format(arena, "%s; or quit it, then holdfast store delete %.*s --from %s:%s", page,
                                 (int)best->row.host.length, best->row.host.data, q->store->kind, q->store->path);
    return base_arena_format(arena, "holdfast store delete %.*s --from %s:%s", (int)best->row.host.length,
                             best->row.host.data, q->store->kind, q->store->path);
}

/* -- JSON --------------------------------------------------------------------------------------------------------------------- */

static void write_row(const querying *q, const answer *best, base_json *json)
{
    const hf_row *row = &best->row;
    const char *match = best->depth > 0 ? "inherited" : "exact";

    cmd_store_key_string(json, "match", best->found ? match : NULL);
    cmd_store_key_span(json, "matched", best->found ? row->host : (hf_span){0});
    cmd_store_key_string(json, "source", !best->found ? NULL : is_preloaded(q, best) ? "preloaded" : "learned");
    cmd_store_key_string(json, "state", best->found ? hf_row_state_name(row->state) : NULL);
    base_json_key(json, "include_subdomains");
    base_json_bool(json, best->found && row->include_subdomains);
    cmd_store_key_moment(json, "observed", best->found ? row->observed : (hf_moment){HF_TIME_UNKNOWN, 0});
    cmd_store_key_moment(json, "expires", best->found ? row->expires : (hf_moment){HF_TIME_UNKNOWN, 0});
    base_json_key(json, "port");
    if (best->found && row->port != 0)
        base_json_int(json, row->port);
    else
        base_json_null(json);
    cmd_store_key_span(json, "partition", best->found ? row->partition : (hf_span){0});
}

/* What stands on a list has neither a beginning nor an end. */
static void write_listed(const question *asked, base_json *json)
{
    cmd_store_key_string(json, "match", asked->listed.offset > 0 ? "inherited" : "exact");
    cmd_store_key_string(json, "matched", asked->host.name + asked->listed.offset);
    cmd_store_key_string(json, "source", "preloaded");
    base_json_key(json, "include_subdomains");
    base_json_bool(json, asked->listed.include_subdomains);
    for (size_t i = 0; i < 5; i++) {
        static const char *const without[] = {"state", "observed", "expires", "port", "partition"};
        cmd_store_key_string(json, without[i], NULL);
    }
}

static void write_answer(const querying *q, const question *asked, base_json *json)
{
    base_arena arena = {0};

    base_json_object_begin(json);
    cmd_store_key_string(json, "host", asked->host.name);
    cmd_store_key_string(json, "kind", q->store->kind);
    cmd_store_key_string(json, "path", q->store->path);
    base_json_key(json, "enforced");
    base_json_bool(json, is_enforced(asked));
    if (asked->listed.enforces && !asked->best.enforces)
        write_listed(asked, json);
    else
        write_row(q, &asked->best, json);
    base_json_key(json, "preload");
    cmd_store_list_json(&asked->listed, q->lists.floor != NULL, &asked->host, json);
    cmd_store_key_string(json, "lifted_by", lifting(q, asked, &arena));
    base_json_object_end(json);
    base_arena_done(&arena);
}

/* -- Text --------------------------------------------------------------------------------------------------------------------- */

static void print_times(const querying *q, const hf_row *row, base_term *term)
{
    char since[CMD_STORE_MOMENT_MAX], until[CMD_STORE_MOMENT_MAX], left[BASE_WORDS_MAX];
    bool ends = cmd_store_moment((hf_moment){row->expires.seconds, 0}, until);

    base_term_print(
        term, BASE_STYLE_PLAIN, "  since %s, until %s",
        cmd_store_moment((hf_moment){row->observed.seconds, 0}, since) ? since : "a time that this store does not keep",
        ends ? until : "never");
    if (ends && row->expires.seconds >= q->now) {
        base_duration_words((row->expires.seconds - q->now) / 86400 * 86400, left);
        base_term_print(term, BASE_STYLE_DIM, " (%s left)",
                        row->expires.seconds - q->now < 86400 ? "less than a day" : left);
    }
    base_term_gap(term);
}

static void print_found(const querying *q, const answer *best, base_term *term)
{
    const hf_row *row = &best->row;

    if (!best->enforces) {
        base_term_line(term, BASE_STYLE_PLAIN, "not enforced: %s", why_not(row));
    } else {
        base_term_print(term, BASE_STYLE_GOOD, "enforced");
        base_term_print(term, BASE_STYLE_PLAIN,
                        best->depth > 0 ? ": inherited from %.*s (includeSubDomains)" : ": exact, %.*s",
                        (int)row->host.length, row->host.data);
        base_term_line(term, BASE_STYLE_PLAIN, "%s, %s",
                       best->depth == 0 && row->include_subdomains ? " with includeSubDomains" : "",
                       is_preloaded(q, best) ? "preloaded" : "learned");
    }
    print_times(q, row, term);
    if (row->port != 0)
        base_term_line(term, BASE_STYLE_PLAIN, "  for port %u alone: this program keeps policies by port", row->port);
    if (row->partition.length > 0)
        base_term_line(term, BASE_STYLE_DIM, "  in the partition %.*s", (int)row->partition.length,
                       row->partition.data);
}

static void print_listed(const question *asked, base_term *term)
{
    base_term_print(term, BASE_STYLE_GOOD, "enforced");
    base_term_line(term, BASE_STYLE_PLAIN,
                   asked->listed.offset > 0 ? ": inherited from %s (includeSubDomains), preloaded"
                                            : ": exact, %s, preloaded",
                   asked->host.name + asked->listed.offset);
    base_term_line(term, BASE_STYLE_PLAIN, "  since it came onto the list, until it leaves it");
}

static void print_answer(const querying *q, const question *asked, base_term *term)
{
    base_arena arena = {0};
    const char *lifted = lifting(q, asked, &arena);
    bool unasked = q->lists.floor == NULL && is_browser(q->store->kind);

    base_term_print(term, BASE_STYLE_BOLD, "%s", asked->host.name);
    base_term_print(term, BASE_STYLE_PLAIN, " in %s:%s: ", q->store->kind, q->store->path);
    if (asked->listed.enforces && !asked->best.enforces)
        print_listed(asked, term);
    else if (asked->best.found)
        print_found(q, &asked->best, term);
    else
        base_term_line(term, BASE_STYLE_PLAIN, "not known%s",
                       unasked ? " (the list that is built into the browser may enforce it all the same)" : "");
    if (q->lists.floor != NULL)
        cmd_store_list_print(&asked->listed, q->store->kind, &asked->host, q->now, term);
    if (lifted != NULL)
        base_term_line(term, BASE_STYLE_PLAIN, "  lifted by: %s", lifted);
    if (lifted != NULL && strncmp(lifted, "preloaded", strlen("preloaded")) != 0)
        base_term_line(term, BASE_STYLE_DIM, "  it returns as soon as the host sends its policy again");
    base_arena_done(&arena);
}

/* -- The command --------------------------------------------------------------------------------------------------------------- */

static bool query_store(querying *q, const cmd_store_codec *codec)
{
    stores_reader reader = {&codec->options, on_row, on_damage, NULL, q};
    base_error error;

    for (size_t i = 0; i < q->count; i++) {
        base_arena_done(&q->questions[i].best.arena);
        q->questions[i].best = (answer){.found = false};
        q->questions[i].walk = (cmd_store_walk){{false}};
    }
    q->damaged = 0;
    if (!stores_store_read(q->store, &reader, &error)) {
        base_error_print(&error, stderr);
        return false;
    }
    for (size_t i = 0; i < q->count; i++) {
        question *asked = &q->questions[i];
        asked->listed = cmd_store_list_ask(&q->lists, q->store->kind, &asked->host, &asked->walk, q->now);
        if (q->settings->common.json)
            write_answer(q, &q->questions[i], &q->json);
        else
            print_answer(q, &q->questions[i], &q->term);
    }
    if (q->damaged > 0) {
        base_error_set(&error, "warning: %s: %" PRIu64 " entries are damaged and were passed over", q->store->path,
                       q->damaged);
        base_error_print(&error, stderr);
    }
    return true;
}

static int query_all(querying *q, const cmd_store_sources *sources, const cmd_store_codec *codec)
{
    base_buffer out;
    base_error error;
    size_t unread = 0;
    bool written = true;

    base_buffer_init(&out, CMD_STORE_OUTPUT_MAX);
    base_json_init(&q->json, &out, true);
    base_json_object_begin(&q->json);
    base_json_key(&q->json, "at");
    base_json_time(&q->json, q->now);
    base_json_key(&q->json, "answers");
    base_json_array_begin(&q->json);
    for (size_t i = 0; i < sources->count; i++) {
        q->store = &sources->items[i];
        unread += !query_store(q, codec);
    }
    base_json_array_end(&q->json);
    base_json_object_end(&q->json);
    base_buffer_char(&out, '\n');
    if (q->settings->common.json)
        written = base_buffer_flush(&out, stdout, &error);
    else if (sources->count == 0)
        base_term_line(&q->term, BASE_STYLE_PLAIN, "no store was found");
    base_buffer_done(&out);
    if (!written)
        return cmd_store_fail(&error);
    return unread == 0 ? BASE_EXIT_CLEAN : unread < sources->count ? BASE_EXIT_PARTLY : BASE_EXIT_UNCHECKED;
}

static bool read_hosts(querying *q, const base_operands *operands, cmd_store_codec *codec, base_error *error)
{
    q->questions = base_allocate((operands->count + 1) * sizeof *q->questions);
    for (; q->count < operands->count; q->count++) {
        if (!stores_host(operands->items[q->count], &q->questions[q->count].host, error))
            return false;
        cmd_store_codec_add_parents(codec, &q->questions[q->count].host);
    }
    return true;
}

static int run(void *storage, const base_operands *operands)
{
    const cmd_store_settings *s = storage;
    querying q = {.settings = s, .now = cmd_now(&s->common)};
    cmd_store_sources sources;
    cmd_store_codec codec;
    base_error error;
    int code;

    if (operands->count == 0)
        return cmd_refuse("store query: a HOST is missing: holdfast store query example.com");
    if (!cmd_store_sources_open(s, NULL, 0, &sources, &error))
        return cmd_refuse("store query: %s", error.text);
    if (!cmd_store_codec_init(&codec, s, NULL, &error))
        return cmd_store_fail(&error);
    base_term_init(&q.term, stdout, s->common.color);
    if (!read_hosts(&q, operands, &codec, &error))
        code = cmd_refuse("store query: %s", error.text);
    else if (!preload_lists_open(&q.lists, &s->lists, q.now, &error))
        code = cmd_refuse("store query: --preload: %s", error.text);
    else
        code = query_all(&q, &sources, &codec);
    for (size_t i = 0; i < q.count; i++)
        base_arena_done(&q.questions[i].best.arena);
    free(q.questions);
    preload_lists_close(&q.lists);
    cmd_store_codec_done(&codec);
    cmd_store_sources_close(&sources);
    return code;
}

static const base_option options[] = {
    CMD_STORE_FROM, CMD_STORE_ALL, CMD_STORE_ROOT, PRELOAD_LISTS_OPTIONS(cmd_store_settings), {0},
};

const cmd_command cmd_store_query = {
    .name = "store query",
    .summary = "what stores say about a host: since when, until when, and what would lift it",
    .usage = "[options] HOST...",
    .common = CMD_JSON | CMD_AT,
    .options = options,
    .settings_size = sizeof(cmd_store_settings),
    .defaults = &cmd_store_defaults,
    .run = run,
};
