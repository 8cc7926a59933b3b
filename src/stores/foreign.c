#include "stores/foreign.h"

#include "base/child.h"
#include "base/memory.h"
#include "stores/codec.h"
#include "stores/losses.h"
#include "stores/merge.h"
#include "stores/row_frame.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define DRAIN 32768                /* octets that are sent at once */
#define MEMORY ((uint64_t)1 << 30) /* octets */
#define SECONDS 120                /* of processor time: for the rows to come; and one for each MiB of the old file */

/* To the child: a row; that it was the last. */
enum { ROW, FINISH };

/* From the child: a loss; and how a step ended: a slot of 1 is good, and of 0 has the reason behind it. */
enum { LOSS, DONE };

/* What must be found when the store is read back. Sums, for the order may change. */
typedef struct tally {
    uint64_t rows, identities, ends;
} tally;

typedef struct counts {
    uint64_t kept, gone, added, left_out;
} counts;

struct stores_foreign {
    stores_foreign_options options;
    facts_store_outcome *outcome;
    /* In the parent. */
    base_child child;
    bool is_started;
    base_buffer out; /* in the child too */
    /* In the child. */
    hf_format_writer *rows;
    int fd; /* to the parent */
    tally expected;
    bool ends_known; /* no end had to be cut */
    bool has_lines;  /* the format is one of lines */
};

/* -- In the child: the codec --------------------------------------------------------------------------------------- */

static bool explain(const stores_foreign *f, hf_status status, base_error *error)
{
    const char *path = f->options.target->path;

    if (status == HF_E_FORMAT)
        base_error_set(error, "%s is damaged, or of a version that its program does not read: it is not written to",
                       path);
    else if (status != HF_OK)
        base_error_set(error, "%s: %s", path, hf_status_text(status));
    return status == HF_OK;
}

static void count_in(tally *t, const hf_row *row, const stores_foreign *f)
{
    uint64_t identity = stores_identity(row, f->options.target->format, &f->options.context->options);

    t->rows++;
    t->identities += identity * (row->include_subdomains ? 3 : 1) + (uint64_t)row->state;
    t->ends += (uint64_t)row->expires.seconds;
}

static bool keep_row(void *self, const hf_row *row)
{
    stores_foreign *f = self;
    bool kept = f->options.keep == NULL || f->options.keep(f->options.self, row);

    f->has_lines = row->line != 0 && row->offset != HF_OFFSET_NONE;
    if (kept) {
        count_in(&f->expected, row, f);
        f->outcome->kept++;
    } else {
        f->outcome->gone++;
    }
    return kept;
}

static bool begin_rows(stores_foreign *f, base_error *error)
{
    const stores_foreign_options *o = &f->options;
    hf_format_rewrite rewrite = {o->old != NULL ? &o->old->input : NULL, keep_row, f};
    hf_output output = stores_output_to(&f->options.fd);

    f->ends_known = true;
    if (o->old != NULL && stores_codec_is_other(o->target, &o->old->input, error))
        return false;
    return explain(f,
                   hf_format_writer_new(o->target->format, o->old != NULL ? &rewrite : NULL, &o->context->options,
                                        &output, &f->rows),
                   error);
}

static bool add_row(stores_foreign *f, const hf_row *row, base_error *error)
{
    hf_losses losses;

    if (!explain(f, hf_format_writer_add(f->rows, row, &losses), error))
        return false;
    stores_note_losses(f->outcome, f->options.left_out, losses, row);
    if ((losses & HF_LOSSES_LEFT_OUT) != 0) {
        f->outcome->left_out++;
        return true;
    }
    f->ends_known = f->ends_known && (losses & HF_LOSS_EXPIRES) == 0;
    count_in(&f->expected, row, f);
    f->outcome->added++;
    return true;
}

typedef struct reading_back {
    const stores_foreign *foreign;
    tally found;
} reading_back;

static bool found_row(void *self, const hf_row *row)
{
    reading_back *back = self;

    count_in(&back->found, row, back->foreign);
    return true;
}

static void found_damage(void *self, const hf_row_damage *damage)
{
    (void)self; /* what was damaged before stays as it was */
    (void)damage;
}

/* Reads what was written as its program would. */
static bool verify(stores_foreign *f, base_error *error)
{
    const stores_store *target = f->options.target;
    reading_back back = {.foreign = f};
    hf_row_visitor visitor = {found_row, found_damage, &back};
    const tally *expected = &f->expected;
    stores_file file;

    if (!stores_file_of(&file, f->options.fd, target->path, error))
        return false;
    hf_status status = hf_format_read(target->format, &file.input, &f->options.context->options, &visitor);
    /* Where nothing is left but comments and damaged lines, nothing of the format is recognised. */
    if (status == HF_E_FORMAT && expected->rows == 0 && (f->has_lines || file.input.length == 0))
        return true;
    if (!explain(f, status, error))
        return false;
    if (back.found.rows == expected->rows && back.found.identities == expected->identities &&
        (!f->ends_known || back.found.ends == expected->ends))
        return true;
    base_error_set(error,
                   "%s: read back, what was written is not what should be there (%" PRIu64 " entries, not %" PRIu64
                   "): nothing was changed",
                   target->path, back.found.rows, expected->rows);
    return false;
}

/* -- In the child: the dialogue ------------------------------------------------------------------------------------ */

static void answer_losses(stores_foreign *f)
{
    for (unsigned bit = 0; bit < FACTS_STORE_LOSSES; bit++) {
        const facts_store_loss *loss = f->outcome->losses[bit];

        for (uint64_t i = 0; loss != NULL && i < loss->count && i < FACTS_STORE_EXAMPLES_MAX; i++)
            base_frame_put_two(&f->out, LOSS, bit, &loss->count, sizeof loss->count, loss->examples[i],
                               strlen(loss->examples[i]));
    }
}

static void answer_done(stores_foreign *f, bool is_done, const base_error *error)
{
    const facts_store_outcome *o = f->outcome;
    const counts all = {o->kept, o->gone, o->added, o->left_out};

    base_frame_put_two(&f->out, DONE, is_done, &all, sizeof all, error->text, is_done ? 0 : strlen(error->text));
    base_child_answer(f->fd, &f->out);
}

static bool finish_rows(stores_foreign *f, base_error *error)
{
    if (!explain(f, hf_format_writer_finish(f->rows), error) || !verify(f, error))
        return false;
    if (f->options.left_out != NULL && fflush(f->options.left_out) != 0) {
        base_error_set(error, "cannot write which entries were left out");
        return false;
    }
    answer_losses(f);
    return true;
}

/* False: there is nothing more to do. */
static bool obey(stores_foreign *f, const base_frame *frame, const char *body)
{
    base_error error = {{0}};
    const unsigned char *hash;
    hf_row row;
    bool is_good;

    if (frame->kind == FINISH) {
        is_good = finish_rows(f, &error);
        answer_done(f, is_good, &error);
        return false;
    }
    is_good = stores_row_take(body, (size_t)frame->length, &row, &hash);
    if (!is_good)
        base_error_set(&error, "%s: an entry that no store can hold", f->options.target->path);
    is_good = is_good && add_row(f, &row, &error);
    if (!is_good)
        answer_done(f, false, &error);
    return is_good;
}

static void work(void *self, int fd)
{
    stores_foreign *f = self;
    base_error error = {{0}};
    base_buffer in;
    bool goes_on = begin_rows(f, &error);

    f->fd = fd;
    base_buffer_init(&f->out, BASE_CHILD_FRAME_MAX);
    base_buffer_init(&in, BASE_CHILD_FRAME_MAX);
    answer_done(f, goes_on, &error);
    while (goes_on && base_child_hear(fd, &in)) {
        base_frame frame;
        const char *body;
        size_t at = 0;

        while (goes_on && base_frame_next(in.data, in.length, &at, &frame, &body))
            goes_on = obey(f, &frame, body);
        base_buffer_drop(&in, at);
    }
}

/* -- In the parent ------------------------------------------------------------------------------------------------- */

static bool take_loss(stores_foreign *f, const base_frame *frame, const char *body)
{
    uint64_t count;
    size_t length = (size_t)frame->length - sizeof count, known = 0;

    if (frame->length < sizeof count || length > HF_HOST_MAX || frame->slot >= FACTS_STORE_LOSSES)
        return false;
    memcpy(&count, body, sizeof count);
    facts_store_loss *loss = stores_loss(f->outcome, frame->slot);
    while (known < FACTS_STORE_EXAMPLES_MAX && loss->examples[known] != NULL)
        known++;
    if (known == FACTS_STORE_EXAMPLES_MAX || known >= count)
        return false;
    loss->examples[known] = base_arena_copy(&f->outcome->arena, body + sizeof count, length);
    loss->count = count;
    return true;
}

/* True if the step was done. */
static bool take_done(stores_foreign *f, const base_frame *frame, const char *body, base_error *error)
{
    counts all;

    memcpy(&all, body, sizeof all);
    f->outcome->kept = all.kept;
    f->outcome->gone = all.gone;
    f->outcome->added = all.added;
    f->outcome->left_out = all.left_out;
    if (frame->slot != 1)
        base_error_set(error, "%.*s", (int)(frame->length - sizeof all), body + sizeof all);
    return frame->slot == 1;
}

/* Waits until a step has ended. */
static bool hear(stores_foreign *f, base_error *error)
{
    base_frame frame;
    const char *body;

    while (base_child_next(&f->child, &frame, &body, error)) {
        if (frame.kind == DONE && frame.length >= sizeof(counts) && frame.length < sizeof(counts) + BASE_ERROR_MAX)
            return take_done(f, &frame, body, error);
        if (frame.kind != LOSS || !take_loss(f, &frame, body)) {
            base_error_set(error, "the child process answers what is in no store");
            break;
        }
    }
    base_error_wrap(error, "cannot write %s", BASE_CUT(f->options.target->path));
    return false;
}

static base_child_plan plan_of(stores_foreign *f)
{
    const stores_foreign_options *o = &f->options;
    base_child_plan plan = {.sandbox = {.profile = BASE_SANDBOX_READER, .seconds = SECONDS, .memory = MEMORY},
                            .kept = {o->fd},
                            .kept_count = 1,
                            .work = work,
                            .self = f};

    if (o->old != NULL) {
        plan.kept[plan.kept_count++] = o->old->fd;
        plan.sandbox.seconds += (unsigned)(o->old->input.length >> 20);
    }
    if (o->left_out != NULL)
        plan.kept[plan.kept_count++] = fileno(o->left_out);
    return plan;
}

bool stores_foreign_open(const stores_foreign_options *options, facts_store_outcome *outcome, stores_foreign **foreign,
                         base_error *error)
{
    stores_foreign *f = base_allocate(sizeof *f);
    unsigned char hash[STORES_HASH_SIZE];
    base_child_plan plan;

    f->options = *options;
    f->outcome = outcome;
    base_buffer_init(&f->out, BASE_CHILD_FRAME_MAX);
    *foreign = f;
    if (options->left_out != NULL)
        fflush(options->left_out);         /* or the child would write it again */
    hf_name_hash((hf_span){"a", 1}, hash); /* libcrypto reads its settings the first time, and opens a file for that */
    plan = plan_of(f);
    f->is_started = base_child_start(&f->child, &plan, error);
    return f->is_started && hear(f, error);
}

static bool send(stores_foreign *f, base_error *error)
{
    bool is_sent = !f->out.failed && base_child_send(&f->child, base_buffer_string(&f->out), f->out.length);

    base_buffer_clear(&f->out);
    return is_sent || (hear(f, error), false);
}

bool stores_foreign_add(stores_foreign *foreign, const hf_row *row, base_error *error)
{
    hf_row bare = *row;

    bare.raw = (hf_span){NULL, 0};
    stores_row_put(&foreign->out, ROW, &bare, NULL);
    return foreign->out.length < DRAIN || send(foreign, error);
}

bool stores_foreign_finish(stores_foreign *foreign, base_error *error)
{
    base_frame_put(&foreign->out, FINISH, 0, "", 0);
    return send(foreign, error) && hear(foreign, error);
}

void stores_foreign_close(stores_foreign *foreign)
{
    if (foreign == NULL)
        return;
    if (foreign->is_started)
        base_child_end(&foreign->child);
    base_buffer_done(&foreign->out);
    free(foreign);
}
