#include "cmd/store_sink.h"

#include "stores/guard.h"
#include "stores/merge.h"
#include "stores/replace.h"
#include "stores/running.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BATCH 4096 /* entries that go into our own store under one lock */

/* What must be found when the store is read back. Sums, for the order may change. */
typedef struct tally {
    uint64_t rows, identities, ends;
} tally;

struct cmd_store_sink {
    const stores_store *target;
    const cmd_store_codec *codec;
    cmd_store_outcome *outcome;
    bool (*keep)(void *self, const hf_row *row);
    void *self;
    /* Another program's store. */
    stores_replacement replacement;
    bool replacing;
    hf_format_writer *writer;
    tally expected;
    bool ends_known; /* no end had to be cut */
    bool has_lines;  /* the format is one of lines */
    /* Our own. */
    hf_store *own;
    size_t room; /* for hosts that it does not know yet: beyond its limit it would forget others for them */
    hf_entry batch[BATCH];
    size_t batch_count, batch_next;
    base_arena batch_texts;
};

/* -- What was lost ------------------------------------------------------------------------------------------------------------ */

static void note_loss(cmd_store_outcome *outcome, unsigned bit, const hf_row *row)
{
    cmd_store_loss *loss = outcome->losses[bit];
    hf_span name = row->host.length > 0 ? row->host : row->host_hash;

    if (loss == NULL) {
        loss = outcome->losses[bit] = base_arena_take(&outcome->arena, sizeof *loss);
        loss->loss = (hf_loss)(1u << bit);
    }
    if (loss->count < CMD_STORE_EXAMPLES_MAX)
        loss->examples[loss->count] = base_arena_copy(&outcome->arena, name.data, name.length);
    loss->count++;
    if (outcome->list != NULL && ((hf_losses)loss->loss & HF_LOSSES_LEFT_OUT) != 0)
        fprintf(outcome->list, "%s\t%.*s\n", hf_loss_name(loss->loss), (int)name.length, name.data);
}

static void note_losses(cmd_store_outcome *outcome, hf_losses losses, const hf_row *row)
{
    for (unsigned bit = 0; bit < CMD_STORE_LOSSES; bit++) {
        if (losses >> bit & 1)
            note_loss(outcome, bit, row);
    }
}

void cmd_store_outcome_done(cmd_store_outcome *outcome)
{
    base_arena_done(&outcome->arena);
}

/* -- Another program's store --------------------------------------------------------------------------------------------------- */

static void count_in(tally *t, const hf_row *row, const cmd_store_sink *sink)
{
    uint64_t identity = stores_identity(row, sink->target->format, &sink->codec->options);

    t->rows++;
    t->identities += identity * (row->include_subdomains ? 3 : 1) + (uint64_t)row->state;
    t->ends += (uint64_t)row->expires.seconds;
}

static bool keep_row(void *self, const hf_row *row)
{
    cmd_store_sink *sink = self;
    bool kept = sink->keep == NULL || sink->keep(sink->self, row);

    sink->has_lines = row->line != 0 && row->offset != HF_OFFSET_NONE;
    if (kept) {
        count_in(&sink->expected, row, sink);
        sink->outcome->kept++;
    } else {
        sink->outcome->gone++;
    }
    return kept;
}

static bool explain(const cmd_store_sink *sink, hf_status status, base_error *error)
{
    if (status == HF_E_FORMAT)
        base_error_set(error, "%s is damaged, or of a version that its program does not read: it is not written to",
                       sink->target->path);
    else if (status != HF_OK)
        base_error_set(error, "%s: %s", sink->target->path, hf_status_text(status));
    return status == HF_OK;
}

/* On another system than Linux, or where /proc is not to be read. */
static void warn_untold(const stores_store *target)
{
    char who[STORES_WHO_MAX];
    base_error warning;

    if (stores_is_running(target->kind, target->path, who) != STORES_UNKNOWN)
        return;
    base_error_set(&warning,
                   "warning: this system does not tell whether a program has %s in use: make sure that none has",
                   target->path);
    base_error_print(&warning, stderr);
}

static bool open_foreign(cmd_store_sink *sink, base_error *error)
{
    stores_replacement *r = &sink->replacement;

    if (!sink->target->format->writes) {
        base_error_set(error, "%s: stores of kind %s can only be read", sink->target->path, sink->target->kind);
        return false;
    }
    if (!stores_may_write(sink->target->kind, sink->target->path, error) ||
        !stores_replace_begin(r, sink->target->path, error))
        return false;
    warn_untold(sink->target);
    sink->replacing = true;
    sink->ends_known = true;
    hf_format_rewrite rewrite = {&r->old.input, keep_row, sink};
    hf_output output = stores_output_to(&r->fd);
    return explain(sink,
                   hf_format_writer_new(sink->target->format, r->is_new ? NULL : &rewrite, &sink->codec->options,
                                        &output, &sink->writer),
                   error);
}

static bool add_foreign(cmd_store_sink *sink, const hf_row *row, base_error *error)
{
    hf_losses losses;

    if (!explain(sink, hf_format_writer_add(sink->writer, row, &losses), error))
        return false;
    note_losses(sink->outcome, losses, row);
    if ((losses & HF_LOSSES_LEFT_OUT) != 0) {
        sink->outcome->left_out++;
        return true;
    }
    sink->ends_known = sink->ends_known && (losses & HF_LOSS_EXPIRES) == 0;
    count_in(&sink->expected, row, sink);
    sink->outcome->added++;
    return true;
}

typedef struct reading_back {
    const cmd_store_sink *sink;
    tally found;
} reading_back;

static bool found_row(void *self, const hf_row *row)
{
    reading_back *back = self;

    count_in(&back->found, row, back->sink);
    return true;
}

static void found_damage(void *self, const hf_row_damage *damage)
{
    (void)self; /* what was damaged before stays as it was */
    (void)damage;
}

/* Reads what was written as its program would. */
static bool verify(cmd_store_sink *sink, base_error *error)
{
    reading_back back = {.sink = sink};
    hf_row_visitor visitor = {found_row, found_damage, &back};
    const tally *expected = &sink->expected;
    stores_file file;

    if (!stores_file_of(&file, sink->replacement.fd, sink->replacement.temporary, error))
        return false;
    hf_status status = hf_format_read(sink->target->format, &file.input, &sink->codec->options, &visitor);
    /* Where nothing is left but comments and damaged lines, nothing of the format is recognised. */
    if (status == HF_E_FORMAT && expected->rows == 0 && (sink->has_lines || file.input.length == 0))
        return true;
    if (!explain(sink, status, error))
        return false;
    if (back.found.rows == expected->rows && back.found.identities == expected->identities &&
        (!sink->ends_known || back.found.ends == expected->ends))
        return true;
    base_error_set(error,
                   "%s: read back, what was written is not what should be there (%" PRIu64 " entries, not %" PRIu64
                   "): nothing was changed",
                   sink->target->path, back.found.rows, expected->rows);
    return false;
}

static bool commit_foreign(cmd_store_sink *sink, base_error *error)
{
    if (!explain(sink, hf_format_writer_finish(sink->writer), error) || !verify(sink, error))
        return false;
    if (sink->outcome->dry_run)
        return true;
    /* It may have been started while we wrote. */
    if (!stores_may_write(sink->target->kind, sink->target->path, error) ||
        !stores_replace_commit(&sink->replacement, error))
        return false;
    sink->outcome->backup = base_arena_string(&sink->outcome->arena, sink->replacement.backup);
    return true;
}

/* -- Our own store ------------------------------------------------------------------------------------------------------------- */

static bool next_of_batch(void *self, hf_entry *entry)
{
    cmd_store_sink *sink = self;

    if (sink->batch_next == sink->batch_count)
        return false;
    *entry = sink->batch[sink->batch_next++];
    return true;
}

static bool flush_batch(cmd_store_sink *sink, base_error *error)
{
    hf_store_error problem = hf_store_error_init();
    hf_status status = HF_OK;

    sink->batch_next = 0;
    if (sink->batch_count > 0 && !sink->outcome->dry_run)
        status = hf_store_put_all(sink->own, next_of_batch, sink, sink->codec->options.now, NULL, &problem);
    if (status != HF_OK)
        base_error_set(error, "%s", problem.text);
    sink->batch_count = 0;
    base_arena_done(&sink->batch_texts);
    sink->batch_texts = (base_arena){0};
    return status == HF_OK;
}

static hf_losses own_losses(const hf_row *row, bool fits)
{
    if (row->host.length == 0)
        return HF_LOSS_NO_NAME;
    if (row->state == HF_ROW_HPKP)
        return HF_LOSS_STATE;
    if (!fits)
        return HF_LOSS_HOST;
    bool fraction = row->expires.nanoseconds != 0 || row->observed.nanoseconds != 0;
    return (row->port != 0 ? HF_LOSS_PORT : 0) | (fraction ? HF_LOSS_FRACTION : 0);
}

typedef enum place_there { PLACE_NEW, PLACE_OLDER, PLACE_NEWER } place_there;

/* The store may know a later note of the same host: from a visit, or from another program. */
static place_there place_of(const hf_store *own, const hf_entry *entry)
{
    hf_entry there = hf_entry_init();
    hf_host host;

    if (own == NULL || hf_host_parse(entry->host.data, entry->host.length, NULL, &host, NULL) != HF_OK ||
        !hf_store_get(own, &host, entry->partition, &there))
        return PLACE_NEW;
    bool timed = there.observed != HF_TIME_UNKNOWN && entry->observed != HF_TIME_UNKNOWN;
    bool newer = timed ? there.observed > entry->observed : there.expires > entry->expires;
    return newer ? PLACE_NEWER : PLACE_OLDER;
}

static void leave_out(cmd_store_sink *sink, hf_losses losses, const hf_row *row)
{
    note_losses(sink->outcome, losses, row);
    sink->outcome->left_out++;
}

static bool add_own(cmd_store_sink *sink, const hf_row *row, base_error *error)
{
    hf_entry entry;
    bool fits = hf_row_to_entry(row, &entry);
    place_there place = fits ? place_of(sink->own, &entry) : PLACE_NEW;

    if (!fits) {
        leave_out(sink, own_losses(row, false), row);
        return true;
    }
    if (place == PLACE_NEWER) {
        sink->outcome->newer++;
        return true;
    }
    if (place == PLACE_NEW && sink->room == 0) {
        leave_out(sink, HF_LOSS_FULL, row);
        return true;
    }
    sink->room -= place == PLACE_NEW;
    note_losses(sink->outcome, own_losses(row, true), row);
    entry.host.data = base_arena_copy(&sink->batch_texts, entry.host.data, entry.host.length);
    if (entry.partition.length > 0)
        entry.partition.data = base_arena_copy(&sink->batch_texts, entry.partition.data, entry.partition.length);
    sink->batch[sink->batch_count++] = entry;
    sink->outcome->added++;
    return sink->batch_count < BATCH || flush_batch(sink, error);
}

static bool open_own(cmd_store_sink *sink, base_error *error)
{
    if (!stores_store_open_own(sink->target, sink->outcome->dry_run, &sink->own, error))
        return false;
    size_t count = hf_store_count(sink->own);
    sink->room = count < HF_HOSTS_LIMIT_DEFAULT ? HF_HOSTS_LIMIT_DEFAULT - count : 0;
    return true;
}

/* -- Either ------------------------------------------------------------------------------------------------------------------- */

bool cmd_store_sink_open(const stores_store *target, bool (*keep)(void *self, const hf_row *row), void *self,
                         const cmd_store_codec *codec, bool dry_run, cmd_store_outcome *outcome, cmd_store_sink **sink,
                         base_error *error)
{
    cmd_store_sink *made = base_allocate(sizeof *made);
    bool opened;

    *outcome = (cmd_store_outcome){.dry_run = dry_run};
    made->target = target;
    made->codec = codec;
    made->outcome = outcome;
    made->keep = keep;
    made->self = self;
    if (target->format != NULL)
        opened = open_foreign(made, error);
    else
        opened = open_own(made, error);
    if (opened)
        *sink = made;
    else
        cmd_store_sink_close(made);
    return opened;
}

bool cmd_store_sink_add(cmd_store_sink *sink, const hf_row *row, base_error *error)
{
    return sink->target->format != NULL ? add_foreign(sink, row, error) : add_own(sink, row, error);
}

bool cmd_store_sink_commit(cmd_store_sink *sink, base_error *error)
{
    return sink->target->format != NULL ? commit_foreign(sink, error) : flush_batch(sink, error);
}

void cmd_store_sink_close(cmd_store_sink *sink)
{
    if (sink == NULL)
        return;
    hf_format_writer_free(sink->writer);
    if (sink->replacing)
        stores_replace_done(&sink->replacement);
    hf_store_close(sink->own);
    base_arena_done(&sink->batch_texts);
    free(sink);
}

/* -- Telling ------------------------------------------------------------------------------------------------------------------ */

static void print_loss(const cmd_store_loss *loss, base_term *term, bool verbose)
{
    bool left_out = ((hf_losses)loss->loss & HF_LOSSES_LEFT_OUT) != 0;
    uint64_t shown = verbose ? CMD_STORE_EXAMPLES_MAX : left_out ? 10 : 0;

    base_term_line(term, left_out ? BASE_STYLE_WARN : BASE_STYLE_DIM, "  %" PRIu64 " %s: %s", loss->count,
                   hf_loss_name(loss->loss), hf_loss_text(loss->loss));
    shown = shown < loss->count ? shown : loss->count;
    for (uint64_t i = 0; i < shown; i++)
        base_term_line(term, BASE_STYLE_PLAIN, "    %s", loss->examples[i]);
    if (shown > 0 && shown < loss->count)
        base_term_line(term, BASE_STYLE_DIM, "    and %" PRIu64 " more%s", loss->count - shown,
                       left_out ? " (--left-out FILE gets them all)" : "");
}

void cmd_store_outcome_print(const cmd_store_outcome *outcome, const stores_store *target, base_term *term,
                             bool verbose)
{
    base_term_print(term, BASE_STYLE_BOLD, "%s:%s", target->kind, target->path);
    base_term_print(term, BASE_STYLE_PLAIN, ": %" PRIu64 " %s", outcome->added,
                    outcome->dry_run ? "would be written" : "written");
    if (outcome->kept + outcome->gone > 0)
        base_term_print(term, BASE_STYLE_PLAIN, ", %" PRIu64 " %s, %" PRIu64 " %s", outcome->kept,
                        outcome->dry_run ? "would stay" : "stayed", outcome->gone,
                        outcome->dry_run ? "would go" : "gone or replaced");
    if (outcome->newer > 0)
        base_term_print(term, BASE_STYLE_PLAIN, ", %" PRIu64 " known there from a later note", outcome->newer);
    if (outcome->left_out > 0)
        base_term_print(term, BASE_STYLE_WARN, ", %" PRIu64 " left out", outcome->left_out);
    base_term_gap(term);
    for (size_t i = 0; i < CMD_STORE_LOSSES; i++) {
        if (outcome->losses[i] != NULL)
            print_loss(outcome->losses[i], term, verbose);
    }
    if (outcome->backup != NULL)
        base_term_line(term, BASE_STYLE_DIM, "  the store as it was: %s", outcome->backup);
}

static void loss_json(const cmd_store_loss *loss, base_json *json)
{
    base_json_object_begin(json);
    cmd_store_key_string(json, "loss", hf_loss_name(loss->loss));
    cmd_store_key_string(json, "message", hf_loss_text(loss->loss));
    base_json_key(json, "left_out");
    base_json_bool(json, ((hf_losses)loss->loss & HF_LOSSES_LEFT_OUT) != 0);
    base_json_key(json, "count");
    base_json_int(json, (int64_t)loss->count);
    base_json_key(json, "hosts");
    base_json_array_begin(json);
    for (uint64_t i = 0; i < loss->count && i < CMD_STORE_EXAMPLES_MAX; i++)
        base_json_string(json, loss->examples[i]);
    base_json_array_end(json);
    base_json_object_end(json);
}

static void key_count(base_json *json, const char *key, uint64_t count)
{
    base_json_key(json, key);
    base_json_int(json, (int64_t)count);
}

void cmd_store_outcome_json(const cmd_store_outcome *outcome, const stores_store *target, base_json *json)
{
    cmd_store_key_string(json, "kind", target->kind);
    cmd_store_key_string(json, "path", target->path);
    base_json_key(json, "dry_run");
    base_json_bool(json, outcome->dry_run);
    key_count(json, "written", outcome->added);
    key_count(json, "stayed", outcome->kept);
    key_count(json, "gone", outcome->gone);
    key_count(json, "newer_there", outcome->newer);
    key_count(json, "left_out", outcome->left_out);
    cmd_store_key_string(json, "backup", outcome->backup);
    base_json_key(json, "losses");
    base_json_array_begin(json);
    for (size_t i = 0; i < CMD_STORE_LOSSES; i++) {
        if (outcome->losses[i] != NULL)
            loss_json(outcome->losses[i], json);
    }
    base_json_array_end(json);
}
