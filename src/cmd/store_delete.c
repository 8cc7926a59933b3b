/*
 * holdfast store delete, clear: policies forgotten on the user's word.
 */
#include "cmd/store_sink.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define NAMES_MAX 1000 /* that are told */

/* Names in order, so that a row is held against thousands of them in a few steps. */
typedef struct names {
    hf_span *items;
    size_t count;
} names;

/* What to delete. */
typedef struct wish {
    names hosts;
    names parents; /* all names above them */
    bool subtree;
    bool everything;
    int64_t from, to; /* by the time of the note, unless from is HF_TIME_UNKNOWN */
} wish;

/* What is counted on the way: for people. */
typedef struct deleting {
    const cmd_store_settings *settings;
    const wish *wish;
    const stores_store *store;
    const cmd_store_codec *codec;
    cmd_store_outcome outcome;
    uint64_t untimed;   /* stayed, for nobody knows when it was noted */
    uint64_t nameless;  /* stayed, for only a hash is known */
    const char *parent; /* covers a host that was to go */
    const char *names[NAMES_MAX];
    size_t name_count;
} deleting;

static int by_name(const void *a, const void *b)
{
    const hf_span *one = a, *other = b;
    size_t shorter = one->length < other->length ? one->length : other->length;
    int order = memcmp(one->data, other->data, shorter);

    return order != 0 ? order : (one->length > other->length) - (one->length < other->length);
}

static bool holds(const names *list, hf_span name)
{
    return list->count > 0 && name.length > 0 &&
           bsearch(&name, list->items, list->count, sizeof *list->items, by_name) != NULL;
}

/* The name above: behind the first dot; empty for a top-level domain. */
static hf_span above(hf_span name)
{
    const char *dot = name.length > 0 ? memchr(name.data, '.', name.length) : NULL;

    if (dot == NULL)
        return (hf_span){0};
    return (hf_span){dot + 1, name.length - (size_t)(dot + 1 - name.data)};
}

static bool is_host(const wish *w, hf_span name)
{
    if (holds(&w->hosts, name))
        return true;
    for (name = above(name); w->subtree && name.length > 0; name = above(name)) {
        if (holds(&w->hosts, name))
            return true;
    }
    return false;
}

/* A store that keeps max-age and end keeps the time of the note too, in other words. */
static int64_t observed_of(const hf_row *row)
{
    if (row->observed.seconds == HF_TIME_UNKNOWN && row->max_age != HF_TIME_UNKNOWN &&
        row->expires.seconds != HF_TIME_NEVER)
        return row->expires.seconds - row->max_age;
    return row->observed.seconds;
}

/* True if the row shall go. */
static bool is_wanted(const wish *w, const hf_row *row)
{
    if (w->everything)
        return true;
    if (w->hosts.count > 0)
        return is_host(w, row->host);
    int64_t observed = observed_of(row);
    return observed != HF_TIME_UNKNOWN && observed >= w->from && observed < w->to;
}

/* What stays although the user may have meant it. */
static void note_stay(deleting *d, const hf_row *row)
{
    d->outcome.kept++;
    if (d->wish->hosts.count == 0)
        d->untimed += observed_of(row) == HF_TIME_UNKNOWN;
    else if (row->host.length == 0)
        d->nameless++;
    else if (row->include_subdomains && row->state == HF_ROW_SET && d->parent == NULL &&
             holds(&d->wish->parents, row->host))
        d->parent = base_arena_copy(&d->outcome.arena, row->host.data, row->host.length);
}

static bool count(void *self, const hf_row *row)
{
    deleting *d = self;
    hf_span name = row->host.length > 0 ? row->host : row->host_hash;

    if (!is_wanted(d->wish, row)) {
        note_stay(d, row);
        return true;
    }
    d->outcome.gone++;
    if (d->name_count < NAMES_MAX)
        d->names[d->name_count++] = base_arena_copy(&d->outcome.arena, name.data, name.length);
    return true;
}

/* A look first: a store that has nothing of it is not touched, and its program may run. */
static bool look(deleting *d, base_error *error)
{
    stores_reader reader = {.options = &d->codec->options, .row = count, .self = d};

    d->outcome.dry_run = d->settings->dry_run;
    return stores_store_read(d->store, &reader, error);
}

/* -- Our own store ------------------------------------------------------------------------------------------------------------- */

static bool drops(void *self, const hf_entry *entry)
{
    hf_row row;

    hf_row_from_entry(entry, &row);
    return is_wanted(self, &row);
}

static bool delete_own(deleting *d, base_error *error)
{
    hf_store_error problem = hf_store_error_init();
    size_t gone = 0;
    hf_store *own;

    if (d->settings->dry_run)
        return true;
    if (!stores_store_open_own(d->store, false, &own, error))
        return false;
    hf_status status = hf_store_forget_if(own, drops, (void *)(uintptr_t)d->wish, &gone, &problem);
    if (status != HF_OK)
        base_error_set(error, "%s", problem.text);
    hf_store_close(own);
    d->outcome.gone = gone;
    return status == HF_OK;
}

/* -- Another program's --------------------------------------------------------------------------------------------------------- */

static bool stays(void *self, const hf_row *row)
{
    return !is_wanted(self, row);
}

static bool delete_foreign(deleting *d, base_error *error)
{
    cmd_store_outcome outcome;
    cmd_store_sink *sink = NULL;

    bool deleted = cmd_store_sink_open(d->store, stays, (void *)(uintptr_t)d->wish, d->codec, d->settings->dry_run,
                                       &outcome, &sink, error) &&
                   cmd_store_sink_commit(sink, error);
    cmd_store_sink_close(sink);
    if (deleted) {
        d->outcome.kept = outcome.kept;
        d->outcome.gone = outcome.gone;
        d->outcome.backup = base_arena_string(&d->outcome.arena, outcome.backup);
    }
    cmd_store_outcome_done(&outcome);
    return deleted;
}

static bool carry_out_one(deleting *d, base_error *error)
{
    if (!look(d, error))
        return false;
    if (d->outcome.gone == 0)
        return true;
    return d->store->format != NULL ? delete_foreign(d, error) : delete_own(d, error);
}

/* -- Telling ------------------------------------------------------------------------------------------------------------------ */

#define COST                                                                                                           \
    "This lowers protection on this machine only: nobody else's, and for a preloaded host not even here. The wall "    \
    "returns as soon as the host sends its policy again; only the host can end that, with a sound certificate or "     \
    "max-age=0."

static void print(const deleting *d, base_term *term)
{
    const cmd_store_outcome *o = &d->outcome;

    base_term_print(term, BASE_STYLE_BOLD, "%s:%s", d->store->kind, d->store->path);
    base_term_line(term, BASE_STYLE_PLAIN, ": %" PRIu64 " %s, %" PRIu64 " %s", o->gone,
                   o->dry_run ? "would be deleted" : "deleted", o->kept, o->dry_run ? "would stay" : "stayed");
    for (size_t i = 0; i < d->name_count && (i < 10 || d->settings->common.verbose); i++)
        base_term_line(term, BASE_STYLE_PLAIN, "  %s", d->names[i]);
    if (d->name_count > 10 && !d->settings->common.verbose)
        base_term_line(term, BASE_STYLE_DIM, "  and %" PRIu64 " more (--verbose)", o->gone - 10);
    if (o->gone == 0 && d->parent != NULL)
        base_term_line(term, BASE_STYLE_WARN,
                       "  it is covered by %s with includeSubDomains: that entry would have to go", d->parent);
    if (d->nameless > 0 && d->wish->subtree)
        base_term_line(term, BASE_STYLE_WARN,
                       "  %" PRIu64
                       " entries are known by their hash only: names below may be among them (--names FILE)",
                       d->nameless);
    if (d->untimed > 0)
        base_term_line(term, BASE_STYLE_WARN,
                       "  %" PRIu64 " stayed because this store does not keep when they were noted", d->untimed);
    if (o->backup != NULL)
        base_term_line(term, BASE_STYLE_DIM, "  the store as it was: %s (remove it too if nobody shall read it)",
                       o->backup);
}

static void write(const deleting *d, base_json *json)
{
    base_json_object_begin(json);
    cmd_store_outcome_json(&d->outcome, d->store, json);
    base_json_key(json, "deleted");
    base_json_array_begin(json);
    for (size_t i = 0; i < d->name_count; i++)
        base_json_string(json, d->names[i]);
    base_json_array_end(json);
    cmd_store_key_string(json, "covered_by", d->outcome.gone == 0 ? d->parent : NULL);
    base_json_object_end(json);
}

/* -- The commands --------------------------------------------------------------------------------------------------------------- */

typedef struct job {
    const cmd_store_settings *settings;
    const wish *wish;
    const cmd_store_codec *codec;
    base_json json;
    base_term term;
    uint64_t gone;
} job;

static bool delete_from(job *j, const stores_store *store)
{
    deleting d = {.settings = j->settings, .wish = j->wish, .store = store, .codec = j->codec};
    base_error error;
    bool deleted = carry_out_one(&d, &error);

    if (!deleted)
        base_error_print(&error, stderr);
    else if (j->settings->common.json)
        write(&d, &j->json);
    else if (!j->settings->common.quiet && (d.outcome.gone > 0 || !j->settings->all))
        print(&d, &j->term);
    j->gone += deleted ? d.outcome.gone : 0;
    cmd_store_outcome_done(&d.outcome);
    return deleted;
}

static int delete_all(job *j, const cmd_store_sources *sources)
{
    base_buffer out;
    base_error error;
    size_t failed = 0;
    bool written = true;

    base_term_init(&j->term, stdout, j->settings->common.color);
    base_buffer_init(&out, CMD_STORE_OUTPUT_MAX);
    base_json_init(&j->json, &out, true);
    base_json_object_begin(&j->json);
    cmd_store_key_string(&j->json, "warning", COST);
    base_json_key(&j->json, "stores");
    base_json_array_begin(&j->json);
    for (size_t i = 0; i < sources->count; i++)
        failed += !delete_from(j, &sources->items[i]);
    base_json_array_end(&j->json);
    base_json_object_end(&j->json);
    base_buffer_char(&out, '\n');
    if (j->settings->common.json)
        written = base_buffer_flush(&out, stdout, &error);
    else if (j->gone > 0 && !j->settings->common.quiet)
        base_term_line(&j->term, BASE_STYLE_WARN, "%s", COST);
    base_buffer_done(&out);
    if (!written)
        return cmd_store_fail(&error);
    return failed == 0 ? BASE_EXIT_CLEAN : failed < sources->count ? BASE_EXIT_PARTLY : BASE_EXIT_UNCHECKED;
}

static int carry_out(const char *command, const cmd_store_settings *s, const wish *w)
{
    cmd_store_sources sources;
    cmd_store_codec codec;
    base_error error;

    if (!cmd_store_sources_open(s, NULL, 0, &sources, &error))
        return cmd_refuse("%s: %s", command, error.text);
    if (!cmd_store_codec_init(&codec, s, &sources, &error)) {
        cmd_store_sources_close(&sources);
        return cmd_store_fail(&error);
    }
    for (size_t i = 0; i < w->hosts.count; i++)
        cmd_store_codec_add(&codec, w->hosts.items[i].data);
    for (size_t i = 0; i < w->parents.count; i++)
        cmd_store_codec_add(&codec, w->parents.items[i].data);
    job j = {.settings = s, .wish = w, .codec = &codec};
    int code = delete_all(&j, &sources);
    cmd_store_codec_done(&codec);
    cmd_store_sources_close(&sources);
    return code;
}

/* Puts the name, whose text ends with a NUL, and all above it where they belong. */
static void wish_for(wish *w, hf_span name)
{
    w->hosts.items[w->hosts.count++] = name;
    for (name = above(name); name.length > 0; name = above(name)) {
        if (w->parents.count % 256 == 0) {
            w->parents.items = realloc(w->parents.items, (w->parents.count + 256) * sizeof *w->parents.items);
            if (w->parents.items == NULL)
                base_out_of_memory();
        }
        w->parents.items[w->parents.count++] = name;
    }
}

static int delete_hosts(const cmd_store_settings *s, const base_operands *operands)
{
    wish w = {.subtree = s->subtree, .from = HF_TIME_UNKNOWN};
    base_arena arena = {0};
    base_error error;
    int code = BASE_EXIT_CLEAN;
    hf_host host;

    w.hosts.items = base_allocate((operands->count + 1) * sizeof *w.hosts.items);
    for (size_t i = 0; i < operands->count && code == BASE_EXIT_CLEAN; i++) {
        if (stores_host(operands->items[i], &host, &error))
            wish_for(&w, (hf_span){base_arena_string(&arena, host.name), host.length});
        else
            code = cmd_refuse("store delete: %s", error.text);
    }
    if (code == BASE_EXIT_CLEAN) {
        qsort(w.hosts.items, w.hosts.count, sizeof *w.hosts.items, by_name);
        if (w.parents.count > 0)
            qsort(w.parents.items, w.parents.count, sizeof *w.parents.items, by_name);
        code = carry_out("store delete", s, &w);
    }
    free(w.hosts.items);
    free(w.parents.items);
    base_arena_done(&arena);
    return code;
}

static int run_delete(void *storage, const base_operands *operands)
{
    const cmd_store_settings *s = storage;
    wish w = {.from = s->between};
    base_error error;

    if (s->between == HF_TIME_UNKNOWN && operands->count == 0)
        return cmd_refuse("store delete: a HOST is missing: holdfast store delete example.com");
    if (s->between == HF_TIME_UNKNOWN)
        return delete_hosts(s, operands);
    if (operands->count != 1 || s->subtree)
        return cmd_refuse("store delete: --between FROM TO, and neither HOST nor --subtree");
    if (!base_read_time(operands->items[0], &w.to, &error))
        return cmd_refuse("store delete: --between: %s", error.text);
    return carry_out("store delete", s, &w);
}

static int run_clear(void *storage, const base_operands *operands)
{
    const wish w = {.everything = true, .from = HF_TIME_UNKNOWN};

    if (operands->count > 0)
        return cmd_refuse("store clear: '%s' is one too many: clear takes no operand (delete takes hosts)",
                          operands->items[0]);
    return carry_out("store clear", storage, &w);
}

static const base_option delete_options[] = {
    CMD_STORE_FROM,
    CMD_STORE_ALL,
    CMD_STORE_ROOT,
    CMD_STORE_TRIED,
    {"subtree", 0, NULL, "the HOSTs and all names below", NULL, offsetof(cmd_store_settings, subtree)},
    {"between", 0, "FROM TO", "what was noted from FROM to before TO, instead of HOSTs", base_read_time,
     offsetof(cmd_store_settings, between)},
    CMD_STORE_DRY_RUN,
    {0},
};

const cmd_command cmd_store_delete = {
    .name = "store delete",
    .summary = "forget hosts, or what was noted between two times",
    .usage = "[options] HOST...",
    .common = CMD_JSON | CMD_QUIET | CMD_VERBOSE | CMD_AT,
    .options = delete_options,
    .settings_size = sizeof(cmd_store_settings),
    .defaults = &cmd_store_defaults,
    .run = run_delete,
};

static const base_option clear_options[] = {
    CMD_STORE_FROM, CMD_STORE_ALL, CMD_STORE_ROOT, CMD_STORE_DRY_RUN, {0},
};

const cmd_command cmd_store_clear = {
    .name = "store clear",
    .summary = "forget every host of a store",
    .usage = "[options]",
    .common = CMD_JSON | CMD_QUIET | CMD_VERBOSE | CMD_AT,
    .options = clear_options,
    .settings_size = sizeof(cmd_store_settings),
    .defaults = &cmd_store_defaults,
    .run = run_clear,
};
