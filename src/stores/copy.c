#include "stores/copy.h"

#include "base/progress.h"
#include "stores/file.h"
#include "stores/merge.h"
#include "stores/row.h"
#include "stores/translate.h"
#include "stores/writer.h"

#include <inttypes.h>

typedef struct copying {
    const stores_copy_options *options;
    stores_merge merge;
    stores_writer *writer;
    facts_store_copied *copied;
    uint64_t number, first_pass;
    base_progress progress;
    base_error *error;
    bool failed;
    bool exempt; /* a row is of a host that the program of the target does not protect */
} copying;

static bool is_over(const copying *c, const hf_row *row)
{
    return c->options->live_only && row->state == HF_ROW_SET && !stores_enforces(row, c->options->context->options.now);
}

static uint64_t identity_of(const copying *c, const hf_row *row)
{
    return stores_identity(row, c->options->target->format, &c->options->context->options);
}

static hf_row translated(const copying *c, const hf_row *row)
{
    return stores_translate(row, c->options->target->format, &c->options->context->options);
}

static void note_lowered(copying *c, const hf_row *row)
{
    facts_store_copied *copied = c->copied;
    hf_span name = row->host.length > 0 ? row->host : row->host_hash;

    if (copied->lowered < FACTS_STORE_EXAMPLES_MAX)
        copied->lowered_hosts[copied->lowered] = base_arena_copy(&copied->arena, name.data, name.length);
    copied->lowered++;
}

static bool collect(void *self, const hf_row *source)
{
    copying *c = self;
    const hf_row made = translated(c, source), *row = &made;

    if (c->number == STORES_ROWS_MAX) {
        base_error_set(c->error, "more than %" PRIu64 " entries", STORES_ROWS_MAX);
        c->failed = true;
        return false;
    }
    c->exempt = c->exempt || stores_is_exempt(row, c->options->target->format);
    if (!is_over(c, row))
        stores_merge_add(&c->merge, c->number, identity_of(c, row), row, &c->options->context->options);
    c->number++;
    return true;
}

static bool write_row(void *self, const hf_row *row)
{
    copying *c = self;
    hf_row kept = translated(c, row);

    if (c->number >= c->first_pass) {
        base_error_set(c->error, "a source changed while it was read: nothing was written; try again");
        c->failed = true;
        return false;
    }
    uint64_t number = c->number++;
    if (is_over(c, row)) {
        c->copied->expired++;
        return true;
    }
    if (!stores_merge_wins(&c->merge, number, &kept.include_subdomains)) {
        c->copied->superseded++;
        return true;
    }
    c->failed = !stores_writer_add(c->writer, &kept, c->error);
    return !c->failed;
}

static void warn_damage(void *self, const hf_row_damage *damage)
{
    copying *c = self;

    (void)damage;
    c->copied->damaged++;
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
    stores_reader reader = {&c->options->context->options, row, damage, on_progress, c};
    bool read = true;

    c->number = 0;
    base_progress_begin(&c->progress, what);
    for (size_t i = 0; read && i < c->options->source_count; i++) {
        const stores_store *source = &c->options->sources[i];

        c->merge.widens = c->merge.widens || (source->format != NULL && source->format->widens);
        read = stores_store_read(source, &reader, c->error) && !c->failed;
    }
    base_progress_end(&c->progress);
    return read;
}

/* What the target holds already counts for the merge. */
static bool is_there(const stores_store *store)
{
    stores_file file;

    if (!stores_file_open(&file, store, NULL))
        return false;
    stores_file_close(&file);
    return true;
}

/* What the target has of a host that comes in is replaced. */
static bool is_other(void *self, const hf_row *row)
{
    const copying *c = self;

    return !stores_merge_holds(&c->merge, identity_of(c, row));
}

/* -- What gets lower, said before anything is written ---------------------------------------------------------------
 */

/* Of the sources: a row that displaces a stronger one, or that the program of the target does not obey. */
static bool compare_row(void *self, const hf_row *row)
{
    copying *c = self;
    uint64_t number = c->number++;
    bool ignored;

    if (number >= c->first_pass)
        return false; /* the pass that writes says so */
    if (is_over(c, row) || !stores_merge_wins(&c->merge, number, &ignored))
        return true;
    ignored = stores_is_exempt(row, c->options->target->format) &&
              stores_standing_of(row, &c->options->context->options) > STORES_NO_POLICY;
    if (ignored || stores_merge_lowers(&c->merge, number))
        note_lowered(c, row);
    return true;
}

static bool meet_row(void *self, const hf_row *row)
{
    copying *c = self;
    const hf_row made = translated(c, row);

    if (stores_merge_meet(&c->merge, identity_of(c, &made), &made, &c->options->context->options))
        note_lowered(c, row);
    return true;
}

static void tell_lowered(const copying *c)
{
    const facts_store_copied *copied = c->copied;
    base_error warning;

    for (uint64_t i = 0; i < copied->lowered && i < FACTS_STORE_EXAMPLES_MAX; i++) {
        base_error_set(&warning, "warning: %s: %s protects it less than before", copied->lowered_hosts[i],
                       c->options->target->path);
        base_error_print(&warning, stderr);
    }
}

static bool compare(copying *c)
{
    stores_reader target = {&c->options->context->options, meet_row, NULL, NULL, c};
    bool is_read = true;

    if (c->merge.lowers || c->exempt)
        is_read = read_all(c, "comparing", compare_row, NULL);
    if (is_read && is_there(c->options->target))
        is_read = stores_store_read(c->options->target, &target, c->error);
    if (is_read)
        tell_lowered(c);
    return is_read;
}

static bool copy_rows(copying *c)
{
    const stores_copy_options *o = c->options;
    const stores_writer_options target = {.target = o->target,
                                          .context = o->context,
                                          .keep = is_other,
                                          .self = c,
                                          .dry_run = o->dry_run,
                                          .left_out = o->left_out};

    if (!read_all(c, "reading", collect, warn_damage))
        return false;
    c->first_pass = c->number;
    c->merge.keeps_newer = o->target->format == NULL;
    stores_merge_settle(&c->merge, c->number, is_there(o->target));
    if (!compare(c))
        return false;
    if (!stores_writer_open(&target, &c->copied->outcome, &c->writer, c->error))
        return false;
    return read_all(c, "writing", write_row, NULL) && stores_writer_commit(c->writer, c->error);
}

bool stores_copy(const stores_copy_options *options, facts_store_copied *copied, base_error *error)
{
    copying c = {.options = options, .copied = copied, .error = error};
    bool done;

    *copied = (facts_store_copied){.expired = 0};
    done = copy_rows(&c);
    stores_writer_close(c.writer);
    stores_merge_done(&c.merge);
    return done;
}

void stores_copied_done(facts_store_copied *copied)
{
    stores_outcome_done(&copied->outcome);
    base_arena_done(&copied->arena);
}
