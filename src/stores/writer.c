#include "stores/writer.h"

#include "base/memory.h"
#include "base/replace.h"
#include "stores/file.h"
#include "stores/foreign.h"
#include "stores/guard.h"
#include "stores/losses.h"
#include "stores/own.h"
#include "stores/running.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BATCH 4096 /* entries that go into our own store under one lock */

struct stores_writer {
    const stores_store *target;
    const stores_context *context;
    facts_store_outcome *outcome;
    bool must_exist;
    bool (*keep)(void *self, const hf_row *row);
    void *self;
    FILE *left_out; /* NULL: nobody asked */
    /* Another program's store. */
    stores_way way;
    base_replacement replacement;
    stores_file old; /* what the replacement replaces; nothing to be read when there was no file */
    bool replacing;
    stores_foreign *rows;
    /* Our own. */
    stores_own own;
    size_t room; /* for hosts that it does not know yet: beyond its limit it would forget others for them */
    hf_entry batch[BATCH];
    size_t batch_count, batch_next;
    base_arena batch_texts;
};

void stores_outcome_done(facts_store_outcome *outcome)
{
    base_arena_done(&outcome->arena);
}

/* -- Another program's store --------------------------------------------------------------------------------------- */

/* On another system than Linux, or where /proc is not to be read. */
static void warn_untold(const stores_store *target)
{
    char who[FACTS_WHO_MAX];
    base_error warning;

    if (stores_is_running(target, who) != FACTS_RUNNING_UNKNOWN)
        return;
    base_error_set(&warning,
                   "warning: this system does not tell whether a program has %s in use: make sure that none has",
                   target->path);
    base_error_print(&warning, stderr);
}

/* Refused below a folder of another user unless this process acts as its owner: what it made would not be theirs. */
static bool begin(stores_writer *writer, base_error *error)
{
    const base_replace_rules rules = {.folder = writer->way.folder,
                                      .owned = writer->way.folder != NULL,
                                      .lock = true,
                                      .lock_wait = writer->target->lock_wait,
                                      .mode = S_IRUSR | S_IWUSR};

    if (base_replace_begin(&writer->replacement, writer->way.path, &rules, error)) {
        writer->replacing = true;
        return writer->replacement.old < 0 ||
               stores_file_of(&writer->old, writer->replacement.old, writer->target->path, error);
    }
    if (writer->way.folder != NULL)
        base_error_wrap(error, "%s", writer->way.folder->path);
    return false;
}

static bool replace(stores_writer *writer, base_error *error)
{
    bool begun;

    if (!stores_way_open(&writer->way, writer->target, error))
        return false;
    begun = begin(writer, error);
    stores_way_rest(&writer->way);
    if (begun && writer->must_exist && writer->replacement.old < 0) {
        base_error_set(error, "%s is gone: nothing was written", writer->target->path);
        return false;
    }
    return begun;
}

static bool open_foreign(stores_writer *writer, base_error *error)
{
    if (!writer->target->format->writes) {
        base_error_set(error, "%s: stores of kind %s can only be read", writer->target->path, writer->target->kind);
        return false;
    }
    if (!stores_may_write(writer->target, error) || !replace(writer, error))
        return false;
    warn_untold(writer->target);
    const stores_foreign_options rows = {.target = writer->target,
                                         .context = writer->context,
                                         .keep = writer->keep,
                                         .self = writer->self,
                                         .left_out = writer->left_out,
                                         .old = writer->replacement.old >= 0 ? &writer->old : NULL,
                                         .fd = writer->replacement.fd};
    return stores_foreign_open(&rows, writer->outcome, &writer->rows, error);
}

const char *stores_backup_path(base_arena *arena, const base_folder *folder, const base_place *place, const char *kept)
{
    const char *slash = strrchr(place->path, '/');
    const char *path =
        base_arena_format(arena, "%.*s%s", slash != NULL ? (int)(slash + 1 - place->path) : 0, place->path, kept);

    return folder != NULL ? base_arena_format(arena, "%s/%s", folder->path, path + strspn(path, "/")) : path;
}

static bool put_in_place(stores_writer *writer, base_error *error)
{
    bool done = stores_way_go_on(&writer->way, error) &&
                base_replace_keep_old(&writer->replacement, STORES_BACKUP_ENDING, error) &&
                base_replace_commit(&writer->replacement, error);

    stores_way_rest(&writer->way);
    return done;
}

static bool commit_foreign(stores_writer *writer, base_error *error)
{
    if (!stores_foreign_finish(writer->rows, error))
        return false;
    if (writer->outcome->dry_run)
        return true;
    /* It may have been started while we wrote. */
    if (!stores_may_write(writer->target, error) || !put_in_place(writer, error))
        return false;
    if (writer->replacement.kept[0] != '\0')
        writer->outcome->backup = stores_backup_path(&writer->outcome->arena, writer->way.folder,
                                                     &writer->replacement.place, writer->replacement.kept);
    return true;
}

/* The new file is removed by whoever made it. */
static void abandon(stores_writer *writer)
{
    if (writer->replacing && stores_way_go_on(&writer->way, NULL))
        base_replace_done(&writer->replacement);
    stores_way_close(&writer->way);
}

/* -- Our own store ------------------------------------------------------------------------------------------------- */

static bool next_of_batch(void *self, hf_entry *entry)
{
    stores_writer *writer = self;

    if (writer->batch_next == writer->batch_count)
        return false;
    *entry = writer->batch[writer->batch_next++];
    return true;
}

static bool flush_batch(stores_writer *writer, base_error *error)
{
    hf_store_error problem = hf_store_error_init();
    hf_status status = HF_OK;

    writer->batch_next = 0;
    if (writer->batch_count > 0 && !writer->outcome->dry_run)
        status =
            hf_store_put_all(writer->own.store, next_of_batch, writer, writer->context->options.now, NULL, &problem);
    if (status != HF_OK)
        base_error_set(error, "%s", problem.text);
    writer->batch_count = 0;
    base_arena_done(&writer->batch_texts);
    writer->batch_texts = (base_arena){0};
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
static place_there place_of(const hf_store *own, const hf_entry *entry, int64_t now)
{
    hf_entry there = hf_entry_init();
    hf_host host;

    if (own == NULL || hf_host_parse(entry->host.data, entry->host.length, NULL, &host, NULL) != HF_OK ||
        !hf_store_get(own, &host, entry->partition, &there))
        return PLACE_NEW;
    if (hf_entry_is_live(&there, now) && !hf_entry_is_live(entry, now))
        return PLACE_NEWER;
    bool timed = there.observed != HF_TIME_UNKNOWN && entry->observed != HF_TIME_UNKNOWN;
    bool newer = timed ? there.observed > entry->observed : there.expires > entry->expires;
    return newer ? PLACE_NEWER : PLACE_OLDER;
}

static void leave_out(stores_writer *writer, hf_losses losses, const hf_row *row)
{
    stores_note_losses(writer->outcome, writer->left_out, losses, row);
    writer->outcome->left_out++;
}

static bool add_own(stores_writer *writer, const hf_row *row, base_error *error)
{
    hf_entry entry;
    bool fits = hf_row_to_entry(row, &entry);
    place_there place = fits ? place_of(writer->own.store, &entry, writer->context->options.now) : PLACE_NEW;

    if (!fits) {
        leave_out(writer, own_losses(row, false), row);
        return true;
    }
    if (place == PLACE_NEWER) {
        writer->outcome->newer++;
        return true;
    }
    if (place == PLACE_NEW && writer->room == 0) {
        leave_out(writer, HF_LOSS_FULL, row);
        return true;
    }
    writer->room -= place == PLACE_NEW;
    stores_note_losses(writer->outcome, writer->left_out, own_losses(row, true), row);
    entry.host.data = base_arena_copy(&writer->batch_texts, entry.host.data, entry.host.length);
    if (entry.partition.length > 0)
        entry.partition.data = base_arena_copy(&writer->batch_texts, entry.partition.data, entry.partition.length);
    writer->batch[writer->batch_count++] = entry;
    writer->outcome->added++;
    return writer->batch_count < BATCH || flush_batch(writer, error);
}

static bool open_own(stores_writer *writer, base_error *error)
{
    const stores_own_options options = {.read_only = writer->outcome->dry_run};

    if (!stores_own_open(&writer->own, writer->target, &options, error))
        return false;
    size_t count = hf_store_count(writer->own.store);
    writer->room = count < HF_HOSTS_LIMIT_DEFAULT ? HF_HOSTS_LIMIT_DEFAULT - count : 0;
    return true;
}

/* -- Either -------------------------------------------------------------------------------------------------------- */

bool stores_writer_open(const stores_writer_options *options, facts_store_outcome *outcome, stores_writer **writer,
                        base_error *error)
{
    stores_writer *made = base_allocate(sizeof *made);
    bool opened;

    *outcome =
        (facts_store_outcome){.store = {options->target->kind, options->target->path}, .dry_run = options->dry_run};
    made->target = options->target;
    made->context = options->context;
    made->must_exist = options->must_exist;
    made->keep = options->keep;
    made->self = options->self;
    made->left_out = options->left_out;
    made->outcome = outcome;
    opened = made->target->format != NULL ? open_foreign(made, error) : open_own(made, error);
    if (opened)
        *writer = made;
    else
        stores_writer_close(made);
    return opened;
}

bool stores_writer_add(stores_writer *writer, const hf_row *row, base_error *error)
{
    return writer->target->format != NULL ? stores_foreign_add(writer->rows, row, error) : add_own(writer, row, error);
}

bool stores_writer_commit(stores_writer *writer, base_error *error)
{
    return writer->target->format != NULL ? commit_foreign(writer, error) : flush_batch(writer, error);
}

void stores_writer_close(stores_writer *writer)
{
    if (writer == NULL)
        return;
    stores_foreign_close(writer->rows);
    abandon(writer);
    stores_own_close(&writer->own);
    base_arena_done(&writer->batch_texts);
    free(writer);
}
