/*
 * holdfast store import, export, convert: rows from some stores into another.
 *
 * Every source is read twice: first to know which of several rows of a host was noted last, then to write. So nothing but 16 octets a row
 * is held.
 */
#include "base/progress.h"
#include "cmd/store_sink.h"
#include "stores/merge.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

typedef struct copying {
    const cmd_store_settings *settings;
    const cmd_store_sources *sources;
    const stores_store *target;
    bool live_only; /* leave out what enforces nothing any more */
    int64_t now;
    cmd_store_codec codec;
    stores_merge merge;
    cmd_store_sink *sink;
    cmd_store_outcome outcome;
    FILE *list; /* of --left-out */
    uint64_t number, first_pass, expired, older, damaged;
    base_progress progress;
    base_error *error;
    bool failed;
} copying;

static bool is_over(const copying *c, const hf_row *row)
{
    return c->live_only && row->state == HF_ROW_SET && !cmd_store_enforces(row, c->now);
}

static bool collect(void *self, const hf_row *row)
{
    copying *c = self;

    if (c->number == STORES_ROWS_MAX) {
        base_error_set(c->error, "more than %" PRIu64 " entries", STORES_ROWS_MAX);
        c->failed = true;
        return false;
    }
    if (!is_over(c, row))
        stores_merge_add(&c->merge, c->number, stores_identity(row, c->target->format, &c->codec.options), row);
    c->number++;
    return true;
}

static bool write_row(void *self, const hf_row *row)
{
    copying *c = self;
    hf_row kept = *row;

    if (c->number >= c->first_pass) {
        base_error_set(c->error, "a source changed while it was read: nothing was written; try again");
        c->failed = true;
        return false;
    }
    uint64_t number = c->number++;
    if (is_over(c, row)) {
        c->expired++;
        return true;
    }
    if (!stores_merge_wins(&c->merge, number, &kept.include_subdomains)) {
        c->older++;
        return true;
    }
    c->failed = !cmd_store_sink_add(c->sink, &kept, c->error);
    return !c->failed;
}

static void warn_damage(void *self, const hf_row_damage *damage)
{
    copying *c = self;

    (void)damage;
    c->damaged++;
}

static void on_progress(void *self, uint64_t done, uint64_t all)
{
    copying *c = self;

    if (all > 0)
        base_progress_tell(&c->progress, done, all, c->number);
}

static bool read_all(copying *c, const char *what, bool (*row)(void *self, const hf_row *row),
                     void (*damage)(void *self, const hf_row_damage *damage))
{
    stores_reader reader = {&c->codec.options, row, damage, on_progress, c};
    bool read = true;

    c->number = 0;
    base_progress_begin(&c->progress, what);
    for (size_t i = 0; read && i < c->sources->count; i++) {
        c->merge.widens = c->merge.widens || strcmp(c->sources->items[i].kind, "curl") == 0;
        read = stores_store_read(&c->sources->items[i], &reader, c->error) && !c->failed;
    }
    base_progress_end(&c->progress);
    return read;
}

static bool is_there(const stores_store *store)
{
    struct stat status;

    return stat(store->path, &status) == 0;
}

/* What the target has of a host that comes in is replaced. */
static bool is_other(void *self, const hf_row *row)
{
    const copying *c = self;

    return !stores_merge_holds(&c->merge, stores_identity(row, c->target->format, &c->codec.options));
}

static bool copy_rows(copying *c)
{
    if (!read_all(c, "reading", collect, warn_damage))
        return false;
    c->first_pass = c->number;
    stores_merge_settle(&c->merge, c->number, is_there(c->target) && c->target->format != NULL);
    if (!cmd_store_sink_open(c->target, is_other, c, &c->codec, c->settings->dry_run, &c->outcome, &c->sink, c->error))
        return false;
    c->outcome.list = c->list;
    return read_all(c, "writing", write_row, NULL) && cmd_store_sink_commit(c->sink, c->error);
}

/* It tells where somebody has been. */
static bool open_list(copying *c)
{
    const char *path = c->settings->left_out;

    if (path == NULL)
        return true;
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    c->list = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (c->list == NULL)
        base_error_set(c->error, "--left-out: %s cannot be written: %s", path, strerror(errno));
    return c->list != NULL;
}

static bool close_list(copying *c)
{
    FILE *list = c->list;

    c->list = NULL;
    if (list == NULL)
        return true;
    bool failed = ferror(list) != 0;
    if (fclose(list) == 0 && !failed)
        return true;
    base_error_set(c->error, "--left-out: %s could not be written whole", c->settings->left_out);
    return false;
}

/* -- Telling ------------------------------------------------------------------------------------------------------------------ */

static bool tell_json(const copying *c)
{
    base_buffer out;
    base_json json;

    base_buffer_init(&out, CMD_STORE_OUTPUT_MAX);
    base_json_init(&json, &out, true);
    base_json_object_begin(&json);
    cmd_store_outcome_json(&c->outcome, c->target, &json);
    base_json_key(&json, "expired");
    base_json_int(&json, (int64_t)c->expired);
    base_json_key(&json, "superseded");
    base_json_int(&json, (int64_t)c->older);
    base_json_key(&json, "damaged");
    base_json_int(&json, (int64_t)c->damaged);
    base_json_object_end(&json);
    base_buffer_char(&out, '\n');
    bool told = base_buffer_flush(&out, stdout, c->error);
    base_buffer_done(&out);
    return told;
}

static bool tell(const copying *c)
{
    base_term term;

    if (c->settings->common.json)
        return tell_json(c);
    if (c->settings->common.quiet)
        return true;
    base_term_init(&term, stdout, c->settings->common.color);
    cmd_store_outcome_print(&c->outcome, c->target, &term, c->settings->common.verbose);
    if (c->expired > 0)
        base_term_line(&term, BASE_STYLE_DIM, "  %" PRIu64 " expired, not taken", c->expired);
    if (c->older > 0)
        base_term_line(&term, BASE_STYLE_DIM, "  %" PRIu64 " superseded by a later note of the same host", c->older);
    if (c->damaged > 0)
        base_term_line(&term, BASE_STYLE_BAD, "  %" PRIu64 " damaged in the source (holdfast store list shows where)",
                       c->damaged);
    return true;
}

/*
 * glibc keeps large blocks that were given back, once it has seen some, and tables that grow leave holes behind them. Of a million entries
 * that would be a quarter of all memory: so large blocks go back to the system.
 */
static void give_back_memory(void)
{
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, 1 << 20);
#endif
}

static int copy(const cmd_store_settings *s, const cmd_store_sources *sources, const stores_store *target,
                bool live_only)
{
    base_error error;
    copying c = {.settings = s, .sources = sources, .target = target, .live_only = live_only, .error = &error};
    bool copied;

    give_back_memory();
    c.now = cmd_now(&s->common);
    if (!cmd_store_codec_init(&c.codec, s, sources, &error))
        return cmd_store_fail(&error);
    copied = open_list(&c) && copy_rows(&c) && close_list(&c) && tell(&c);
    if (!copied && c.list != NULL)
        fclose(c.list);
    cmd_store_sink_close(c.sink);
    cmd_store_outcome_done(&c.outcome);
    stores_merge_done(&c.merge);
    cmd_store_codec_done(&c.codec);
    return copied ? BASE_EXIT_CLEAN : cmd_store_fail(&error);
}

/* -- import, export ------------------------------------------------------------------------------------------------------------- */

static bool same_file(const stores_store *one, const stores_store *other)
{
    struct stat a, b;

    return stat(one->path, &a) == 0 && stat(other->path, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/* --all finds the target too, and that is no source. */
static void drop_target(cmd_store_sources *sources, const stores_store *target)
{
    size_t kept = 0;

    for (size_t i = 0; i < sources->count; i++) {
        if (!same_file(&sources->items[i], target))
            sources->items[kept++] = sources->items[i];
    }
    sources->count = kept;
}

static int copy_between(const char *command, const cmd_store_settings *s, cmd_store_sources *sources, const char *to)
{
    char own[CMD_STORE_PATH_MAX];
    stores_store target;
    base_error error;

    if (!stores_store_parse(to, own, sizeof own, &target, &error))
        return cmd_refuse("%s: %s", command, error.text);
    if (s->all)
        drop_target(sources, &target);
    for (size_t i = 0; i < sources->count; i++) {
        if (same_file(&sources->items[i], &target))
            return cmd_refuse("%s: %s is both source and target", command, target.path);
    }
    return copy(s, sources, &target, true);
}

static int run_import(void *storage, const base_operands *operands)
{
    const cmd_store_settings *s = storage;
    cmd_store_sources sources;
    base_error error;

    if (operands->count + s->from.count == 0 && !s->all)
        return cmd_refuse(
            "store import: from where? holdfast store import KIND:PATH (holdfast store where finds them)");
    if (!cmd_store_sources_open(s, operands->items, operands->count, &sources, &error))
        return cmd_refuse("store import: %s", error.text);
    int code = copy_between("store import", s, &sources, s->to != NULL ? s->to : STORES_OWN);
    cmd_store_sources_close(&sources);
    return code;
}

static int run_export(void *storage, const base_operands *operands)
{
    const cmd_store_settings *s = storage;
    const char *to = s->to != NULL ? s->to : operands->count > 0 ? operands->items[0] : NULL;
    cmd_store_sources sources;
    base_error error;

    if (to == NULL || operands->count > (s->to == NULL))
        return cmd_refuse("store export: one target: holdfast store export KIND:PATH");
    if (!cmd_store_sources_open(s, NULL, 0, &sources, &error))
        return cmd_refuse("store export: %s", error.text);
    int code = copy_between("store export", s, &sources, to);
    cmd_store_sources_close(&sources);
    return code;
}

/* -- convert -------------------------------------------------------------------------------------------------------------------- */

static int run_convert(void *storage, const base_operands *operands)
{
    const cmd_store_settings *s = storage;
    char own[CMD_STORE_PATH_MAX];
    stores_store target;
    cmd_store_sources sources;
    struct stat status;
    base_error error;

    if (operands->count != 2)
        return cmd_refuse("store convert: two stores: holdfast store convert KIND:PATH KIND:PATH");
    if (!stores_store_parse(operands->items[1], own, sizeof own, &target, &error))
        return cmd_refuse("store convert: %s", error.text);
    if (lstat(target.path, &status) == 0)
        return cmd_refuse(
            "store convert: %s is there already: convert makes a new store (import and export add to one)",
            target.path);
    if (!cmd_store_sources_open(s, operands->items, 1, &sources, &error))
        return cmd_refuse("store convert: %s", error.text);
    int code = copy(s, &sources, &target, false);
    cmd_store_sources_close(&sources);
    return code;
}

static const base_option import_options[] = {
    CMD_STORE_FROM,  CMD_STORE_TO,       CMD_STORE_ALL,     CMD_STORE_ROOT,
    CMD_STORE_TRIED, CMD_STORE_LEFT_OUT, CMD_STORE_DRY_RUN, {0},
};

const cmd_command cmd_store_import = {
    .name = "store import",
    .summary = "add what other stores know to Holdfast's own",
    .usage = "[options] KIND:PATH...",
    .common = CMD_JSON | CMD_AT | CMD_QUIET | CMD_VERBOSE,
    .options = import_options,
    .settings_size = sizeof(cmd_store_settings),
    .defaults = &cmd_store_defaults,
    .run = run_import,
};

static const base_option export_options[] = {
    CMD_STORE_FROM,  CMD_STORE_TO,       CMD_STORE_ALL,     CMD_STORE_ROOT,
    CMD_STORE_TRIED, CMD_STORE_LEFT_OUT, CMD_STORE_DRY_RUN, {0},
};

const cmd_command cmd_store_export = {
    .name = "store export",
    .summary = "add what Holdfast's own store knows to another",
    .usage = "[options] KIND:PATH",
    .common = CMD_JSON | CMD_AT | CMD_QUIET | CMD_VERBOSE,
    .options = export_options,
    .settings_size = sizeof(cmd_store_settings),
    .defaults = &cmd_store_defaults,
    .run = run_export,
};

static const base_option convert_options[] = {CMD_STORE_TRIED, CMD_STORE_LEFT_OUT, CMD_STORE_DRY_RUN, {0}};

const cmd_command cmd_store_convert = {
    .name = "store convert",
    .summary = "a new store of another kind with the same entries, and what could not come along",
    .usage = "[options] KIND:PATH KIND:PATH",
    .common = CMD_JSON | CMD_AT | CMD_QUIET | CMD_VERBOSE,
    .options = convert_options,
    .settings_size = sizeof(cmd_store_settings),
    .defaults = &cmd_store_defaults,
    .run = run_convert,
};
