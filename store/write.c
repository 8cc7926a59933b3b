/*
 * Changing: one process at a time, at the end of the file only, and never what stands there already.
 *
 * So whatever a reader has once taken in stays true, and whoever dies on the way leaves at most an unfinished row at
 * the end, which the next writer cuts off: nobody has ever read it, and nobody was ever told that it is kept.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "engine/sized.h"
#include "store.h"

/* -- Beginning and ending ------------------------------------------------------------------------------------------ */

/* True if the path still leads to the file that is open, and nobody has cut it short. */
static bool is_current(const hf_store *store)
{
    struct stat status;

    return store->image.file >= 0 &&
           store->io->fstatat(store->folder, store->name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
           status.st_dev == store->image.device && status.st_ino == store->image.inode &&
           (uint64_t)status.st_size >= store->image.end;
}

/* The lock is on the file, and the file may have been replaced while we waited for it. */
static hf_status lock_current(hf_store *store, hf_store_error *error)
{
    enum { TRIES = 1000 };
    for (int i = 0; i < TRIES; i++) {
        hf_status status = HF_OK;
        if (!is_current(store))
            status = hf__load(store, error);
        if (status == HF_OK && store->image.file < 0)
            status = hf__rewrite_create(store, error);
        if (status != HF_OK)
            return status;
        if (store->image.file < 0)
            continue;
        status = hf__lock(store, store->image.file, HF__LOCK_WRITE, error);
        if (status != HF_OK)
            return status;
        if (is_current(store))
            return HF_OK;
        hf__write_end(store);
    }
    return hf__fail(error, HF_E_STORE_IO, 0, "%s is replaced again and again: find out by whom", store->path);
}

/* Takes in all there is, and cuts off what was not finished. */
static hf_status come_to_the_end(hf_store *store, hf_store_error *error)
{
    struct stat status;
    bool unsettled;

    if (store->io->fstat(store->image.file, &status) != 0)
        return hf__fail_system(error, "look at", store->path);
    uint64_t size = (uint64_t)status.st_size;
    if (size == store->image.end)
        return HF_OK;
    hf_status result = hf__load_rows(store, &store->image, size, true, &unsettled, error);
    if (result == HF_OK && size > store->image.end && !hf__truncate(store->io, store->image.file, store->image.end))
        result = hf__fail_system(error, "cut off the unfinished end of", store->path);
    return result;
}

hf_status hf__write_begin(hf_store *store, hf_store_error *error)
{
    if (store->options.read_only)
        return hf__fail(error, HF_E_STORE_READ_ONLY, 0, "%s was opened for reading only", store->path);
    hf_status status = lock_current(store, error);
    if (status != HF_OK)
        return status;
    status = come_to_the_end(store, error);
    if (status != HF_OK)
        hf__write_end(store);
    return status;
}

void hf__write_end(hf_store *store)
{
    hf__unlock(store, store->image.file);
}

/* The name in the folder must last too, whoever put it there. */
hf_status hf__write_settle(hf_store *store, hf_store_error *error)
{
    if (!store->options.durable)
        return HF_OK;
    if (!hf__sync(store->io, store->image.file))
        return hf__fail_system(error, "bring to the disk", store->path);
    if (!store->folder_synced && !hf__sync_folder(store->io, store->folder))
        return hf__fail_system(error, "bring to the disk the folder of", store->path);
    store->folder_synced = true;
    return HF_OK;
}

/* -- Appending ----------------------------------------------------------------------------------------------------- */

/*
 * Writes rows at the end, and takes them in as any other process would. What could not be written to its end is cut off
 * again; if even that fails the next writer does it.
 */
static hf_status append(hf_store *store, const uint8_t *rows, size_t length, hf_store_error *error)
{
    if (store->image.end + length > hf__place_size_max(store))
        return hf__fail(error, HF_E_FULL, 0, "%s cannot grow any further: forget hosts", store->path);
    if (hf__write_at(store->io, store->image.file, rows, length, store->image.end))
        return come_to_the_end(store, error);
    hf_status status = hf__fail_system(error, "write to", store->path);
    uint64_t reported_until = store->image.reported_until;
    store->image.reported_until = UINT64_MAX; /* this end is our own, and the caller is told by the status */
    (void)!come_to_the_end(store, NULL);
    store->image.reported_until = reported_until;
    return status;
}

static hf_status append_row(hf_store *store, const hf__row *row, hf_store_error *error)
{
    uint8_t octets[HF__ROW_MAX];
    size_t length = hf__row_write(row, store->image.end, octets);

    if (length == 0)
        return hf__fail(error, HF_E_ARGUMENT, 0, "an entry that no store can hold");
    hf_status status = append(store, octets, length, error);
    return status == HF_OK ? hf__write_settle(store, error) : status;
}

/* -- Noting -------------------------------------------------------------------------------------------------------- */

/* What the caller wants noted: a policy, or the fields in which one may be. */
typedef struct subject {
    const hf_host *host;
    const hf_policy *policy; /* NULL: look at the fields */
    const hf_field *fields;
    size_t count;
    const hf_response *response;
} subject;

static hf_status apply_rules(hf_hosts *rules, const subject *s, hf_noted *noted)
{
    if (s->policy != NULL)
        return hf_hosts_note(rules, s->host, s->policy, s->response, noted);
    return hf_hosts_note_fields(rules, s->host, s->fields, s->count, s->response, noted);
}

/*
 * The rules of noting are the engine's. It is given a table that holds what the store knows of this host, if anything;
 * what the table holds afterwards is what the store shall know.
 */
static hf_status note_in_table(hf_store *store, const subject *s, hf_span partition, hf__row *row, hf_noted *noted)
{
    hf__place place;
    hf_span name = {s->host->name, s->host->length};

    hf_hosts_clear(store->scratch);
    hf_status status = hf__image_find(store, &store->image, name, partition, &place);
    if (status == HF_OK && place.slot != NULL) {
        row->entry = place.row.entry;
        status = hf_hosts_put(store->scratch, &row->entry, s->response->now);
        row->entry.host = name;
        row->entry.partition = partition;
    }
    if (status == HF_OK)
        status = apply_rules(store->scratch, s, noted);
    if (status != HF_OK)
        return status;
    row->forgotten = *noted == HF_NOTED_FORGOTTEN;
    if (*noted == HF_NOTED_ADDED || *noted == HF_NOTED_RENEWED)
        hf_hosts_get(store->scratch, s->host, partition, &row->entry);
    return HF_OK;
}

static hf_status note_within(hf_store *store, const subject *s, hf_noted *noted, hf_store_error *error)
{
    hf__row row = {.entry = hf_entry_init()};
    hf_noted became = HF_NOTED_IGNORED_NO_FIELD;
    hf_response response;

    hf__sized_read(&response, sizeof response, s->response, s->response->size);
    hf_status status = note_in_table(store, s, response.partition, &row, &became);
    if (status == HF_E_STORE_IO)
        return hf__fail_system(error, "read", store->path);
    if (status != HF_OK)
        return hf__fail(error, status, 0, "%s", hf_status_text(status));
    if (became == HF_NOTED_ADDED || became == HF_NOTED_RENEWED || became == HF_NOTED_FORGOTTEN) {
        status = append_row(store, &row, error);
        hf__rewrite_if_due(store, response.now);
    }
    if (status == HF_OK && noted != NULL)
        *noted = became;
    return status;
}

static hf_status note(hf_store *store, const subject *s, hf_noted *noted, hf_store_error *error)
{
    if (store == NULL || s->host == NULL || s->response == NULL || s->response->size == 0)
        return hf__fail(error, HF_E_ARGUMENT, 0, "%s", hf_status_text(HF_E_ARGUMENT));
    hf_status status = hf__write_begin(store, error);
    if (status != HF_OK)
        return status;
    status = note_within(store, s, noted, error);
    hf__write_end(store);
    return status;
}

hf_status hf_store_note(hf_store *store, const hf_host *host, const hf_policy *policy, const hf_response *response,
                        hf_noted *noted, hf_store_error *error)
{
    if (policy == NULL)
        return hf__fail(error, HF_E_ARGUMENT, 0, "%s", hf_status_text(HF_E_ARGUMENT));
    return note(store, &(subject){.host = host, .policy = policy, .response = response}, noted, error);
}

hf_status hf_store_note_fields(hf_store *store, const hf_host *host, const hf_field *fields, size_t count,
                               const hf_response *response, hf_noted *noted, hf_store_error *error)
{
    return note(store, &(subject){.host = host, .fields = fields, .count = count, .response = response}, noted, error);
}

/* -- Putting ------------------------------------------------------------------------------------------------------- */

enum { BATCH = 65536 };

/* Fills the buffer with rows. False when there are no more entries. */
static bool fill_batch(const hf_store *store, bool (*next)(void *, hf_entry *), void *self, uint8_t *batch,
                       size_t *length, size_t *count, bool *refused)
{
    hf__row row = {.entry = hf_entry_init()};

    while (*length + HF__ROW_MAX <= BATCH) {
        row.entry = hf_entry_init();
        if (!next(self, &row.entry))
            return false;
        size_t more = hf__row_write(&row, store->image.end + *length, batch + *length);
        *refused = more == 0;
        if (*refused)
            return false;
        *length += more;
        (*count)++;
    }
    return true;
}

static hf_status put_within(hf_store *store, bool (*next)(void *, hf_entry *), void *self, size_t *put,
                            hf_store_error *error)
{
    uint8_t *batch = malloc(BATCH);
    hf_status status = batch != NULL ? HF_OK : hf__fail(error, HF_E_MEMORY, 0, "%s", hf_status_text(HF_E_MEMORY));
    bool refused = false;

    for (bool more = true; more && status == HF_OK;) {
        size_t length = 0, count = 0;
        more = fill_batch(store, next, self, batch, &length, &count, &refused);
        if (length > 0)
            status = append(store, batch, length, error);
        if (status == HF_OK)
            *put += count;
    }
    free(batch);
    if (status == HF_OK)
        status = hf__write_settle(store, error);
    if (status == HF_OK && refused)
        status = hf__fail(error, HF_E_ARGUMENT, 0, "entry %zu is none that a store can hold", *put + 1);
    return status;
}

hf_status hf_store_put_all(hf_store *store, bool (*next)(void *self, hf_entry *entry), void *self, int64_t now,
                           size_t *put, hf_store_error *error)
{
    size_t count = 0;

    if (store == NULL || next == NULL)
        return hf__fail(error, HF_E_ARGUMENT, 0, "%s", hf_status_text(HF_E_ARGUMENT));
    hf_status status = hf__write_begin(store, error);
    if (status != HF_OK)
        return status;
    status = put_within(store, next, self, &count, error);
    hf__rewrite_if_due(store, now);
    hf__write_end(store);
    if (put != NULL)
        *put = count;
    return status;
}

typedef struct one_entry {
    const hf_entry *entry;
} one_entry;

static bool next_of_one(void *self, hf_entry *entry)
{
    one_entry *one = self;

    if (one->entry == NULL)
        return false;
    hf__sized_read(entry, sizeof *entry, one->entry, one->entry->size);
    one->entry = NULL;
    return true;
}

hf_status hf_store_put(hf_store *store, const hf_entry *entry, int64_t now, hf_store_error *error)
{
    if (entry == NULL || entry->size == 0)
        return hf__fail(error, HF_E_ARGUMENT, 0, "%s", hf_status_text(HF_E_ARGUMENT));
    return hf_store_put_all(store, next_of_one, &(one_entry){entry}, now, NULL, error);
}
