/*
 * Writing the file anew: to a temporary beside it, brought to the disk whole, and then put in its place by one rename.
 * Whoever has the old one open still reads what it said, and finds the new one at the next look.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "random.h"
#include "scan.h"
#include "store.h"

/* -- A file in the making ------------------------------------------------------------------------------------------ */

enum { BUFFER = 65536, TAG_DIGITS = 16 };

#define TAG ".new-"

typedef struct draft {
    char name[NAME_MAX + 1];
    hf__image image;
    uint64_t written; /* up to here the rows are in the file, behind it in the buffer */
    uint8_t buffer[BUFFER];
} draft;

static void draft_drop(hf_store *store, draft *d)
{
    if (d->image.file >= 0)
        store->io->unlinkat(store->folder, d->name, 0);
    hf__image_done(&d->image, store->io);
    free(d);
}

/* Who could read the file until now shall be able to afterwards, and nobody else. */
static void keep_rights(const hf_store *store, int file)
{
    struct stat old, new;

    if (store->image.file < 0 || store->io->fstat(store->image.file, &old) != 0 || store->io->fstat(file, &new) != 0)
        return;
    mode_t mode = old.st_mode & (S_IRWXU | S_IRGRP | S_IROTH);
    if (old.st_gid != new.st_gid && store->io->fchown(file, (uid_t)-1, old.st_gid) != 0)
        mode &= ~(mode_t)S_IRGRP;
    (void)store->io->fchmod(file, mode | S_IRUSR | S_IWUSR);
}

static hf_status draft_begin(hf_store *store, size_t count, draft *d, hf_store_error *error)
{
    uint64_t tag;
    hf__slots *slots = &d->image.slots;

    slots->capacity = hf__slots_capacity(count);
    slots->slots = calloc(slots->capacity, sizeof *slots->slots);
    d->image.first = d->image.end = d->written = HF__HEADER + (uint64_t)slots->capacity * 8;
    if (slots->slots == NULL)
        return hf__fail(error, HF_E_MEMORY, 0, "%s", hf_status_text(HF_E_MEMORY));
    if (!hf__random(&d->image.key, sizeof d->image.key) || !hf__random(&tag, sizeof tag))
        return hf__fail_system(error, "read", "/dev/urandom");
    int length = snprintf(d->name, sizeof d->name, "%s" TAG "%0*" PRIx64, store->name, TAG_DIGITS, tag);
    if (length < 0 || (size_t)length >= sizeof d->name)
        return hf__fail(error, HF_E_BUFFER, 0, "the name of %s is too long", store->path);
    int flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    d->image.file = store->io->openat(store->folder, d->name, flags, (mode_t)(S_IRUSR | S_IWUSR));
    if (d->image.file < 0)
        return hf__fail_system(error, "make a temporary file beside", store->path);
    keep_rights(store, d->image.file);
    return HF_OK;
}

/* NULL, and *status says why, if there can be none. */
static draft *draft_new(hf_store *store, size_t count, hf_status *status, hf_store_error *error)
{
    draft *d = malloc(sizeof *d);

    if (d == NULL) {
        *status = hf__fail(error, HF_E_MEMORY, 0, "%s", hf_status_text(HF_E_MEMORY));
        return NULL;
    }
    hf__image_init(&d->image);
    *status = draft_begin(store, count, d, error);
    if (*status != HF_OK) {
        draft_drop(store, d);
        return NULL;
    }
    return d;
}

static bool draft_flush(const hf_store *store, draft *d)
{
    size_t length = (size_t)(d->image.end - d->written);

    if (!hf__write_at(store->io, d->image.file, d->buffer, length, d->written))
        return false;
    d->written += length;
    return true;
}

/* `row` was read from a file, and so it is one that can be written. */
static bool draft_add(const hf_store *store, draft *d, const hf__row *row)
{
    if (d->image.end - d->written + HF__ROW_MAX > sizeof d->buffer && !draft_flush(store, d))
        return false;
    uint64_t offset = d->image.end;
    d->image.end += hf__row_write(row, offset, d->buffer + (offset - d->written));
    uint32_t hash = hf__image_hash(&d->image, row->entry.host, row->entry.partition);
    hf__slots_add(&d->image.slots, hf__slots_make(hash, offset));
    return true;
}

static bool write_index(const hf_store *store, draft *d)
{
    hf__slots *slots = &d->image.slots;
    uint8_t header[HF__HEADER];
    size_t length = slots->capacity * sizeof *slots->slots;

    d->image.indexed = d->image.end;
    hf__image_swap_index(slots->slots, slots->capacity);
    hf__image_write_header(&d->image, hf__image_check_index(slots->slots, length), header);
    bool done = hf__write_at(store->io, d->image.file, slots->slots, length, HF__HEADER) &&
                hf__write_at(store->io, d->image.file, header, sizeof header, 0);
    hf__image_swap_index(slots->slots, slots->capacity);
    return done;
}

/*
 * The file is whole, on the disk and locked before it gets its name: on the disk always, for a name that led to a file
 * not yet there would, after the power went, lead to nothing.
 */
static hf_status draft_finish(const hf_store *store, draft *d, hf_store_error *error)
{
    struct stat status;

    if (!draft_flush(store, d) || !write_index(store, d) || !hf__sync(store->io, d->image.file))
        return hf__fail_system(error, "write anew", store->path);
    if (store->io->fstat(d->image.file, &status) != 0)
        return hf__fail_system(error, "examine", store->path);
    d->image.device = status.st_dev;
    d->image.inode = status.st_ino;
    return hf__lock(store, d->image.file, HF__LOCK_WRITE, error);
}

/*
 * A link does not take the place of a file that somebody else made meanwhile (EEXIST). That one is as good. So it is
 * when it has even been written anew since, which swept our temporary away with the others (ENOENT): the caller looks
 * again.
 */
hf_status hf__rewrite_create(hf_store *store, hf_store_error *error)
{
    hf_status status;
    draft *d = draft_new(store, 0, &status, error);

    if (d == NULL)
        return status;
    status = draft_finish(store, d, error);
    if (status == HF_OK && store->io->linkat(store->folder, d->name, store->folder, store->name, 0) != 0 &&
        errno != EEXIST && errno != ENOENT)
        status = hf__fail_system(error, "make", store->path);
    draft_drop(store, d);
    return status;
}

/* -- From the old to the new --------------------------------------------------------------------------------------- */

static hf_status copy_rows(const hf_store *store, hf__scan *scan, const hf__filter *filter, draft *d, size_t *dropped,
                           hf_store_error *error)
{
    hf__found found;
    hf__step step;

    *dropped = 0;
    while ((step = hf__scan_next(scan, &found)) == HF__STEP_ROW || step == HF__STEP_GAP) {
        if (step == HF__STEP_GAP) {
            if (found.offset < store->image.indexed) /* behind it all rows have been looked at before */
                hf__damage_tell(store, &store->image, HF_DAMAGE_ENTRIES, found.offset, found.length);
            continue;
        }
        if (!hf__image_is_current(&store->image, &found.row, found.offset))
            continue;
        if (filter != NULL && filter->drops(filter->self, &found.row.entry))
            (*dropped)++;
        else if (!draft_add(store, d, &found.row))
            return hf__fail_system(error, "write anew", store->path);
    }
    return step == HF__STEP_END ? HF_OK : hf__fail_system(error, "read", store->path);
}

static hf_status copy_all(const hf_store *store, const hf__filter *filter, draft *d, size_t *dropped,
                          hf_store_error *error)
{
    hf__scan *scan = malloc(sizeof *scan);

    if (scan == NULL)
        return hf__fail(error, HF_E_MEMORY, 0, "%s", hf_status_text(HF_E_MEMORY));
    hf__scan_start(scan, store->io, store->image.file, store->image.first, store->image.end);
    hf_status status = copy_rows(store, scan, filter, d, dropped, error);
    free(scan);
    return status == HF_OK ? draft_finish(store, d, error) : status;
}

static bool is_temporary(const hf_store *store, const char *name)
{
    size_t length = strlen(store->name);

    return strncmp(name, store->name, length) == 0 && strncmp(name + length, TAG, strlen(TAG)) == 0 &&
           strspn(name + length + strlen(TAG), "0123456789abcdef") == TAG_DIGITS &&
           name[length + strlen(TAG) + TAG_DIGITS] == '\0';
}

/* What others left that died on the way. Nobody else can be writing the file anew: that needs the lock we hold. */
static void sweep(const hf_store *store)
{
    int file = openat(store->folder, ".", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *folder = file >= 0 ? fdopendir(file) : NULL;

    if (folder == NULL) {
        if (file >= 0)
            close(file);
        return;
    }
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (is_temporary(store, entry->d_name))
            store->io->unlinkat(store->folder, entry->d_name, 0);
    }
    closedir(folder);
}

/* The new file takes the old one's place, here and in the folder. */
static hf_status put_in_place(hf_store *store, draft *d, hf_store_error *error)
{
    if (store->io->renameat(store->folder, d->name, store->folder, store->name) != 0)
        return hf__fail_system(error, "put the new file in the place of", store->path);
    hf__image_done(&store->image, store->io);
    store->image = d->image;
    hf__image_init(&d->image);
    store->rewrite_backoff = 0;
    store->folder_synced = false;
    sweep(store);
    return hf__write_settle(store, error);
}

hf_status hf__rewrite(hf_store *store, const hf__filter *filter, size_t *dropped, hf_store_error *error)
{
    size_t count = 0;
    hf_status status;
    draft *d = draft_new(store, store->image.slots.used, &status, error);

    if (d == NULL)
        return status;
    status = copy_all(store, filter, d, &count, error);
    if (status == HF_OK)
        status = put_in_place(store, d, error);
    draft_drop(store, d);
    if (status == HF_OK && dropped != NULL)
        *dropped = count;
    return status;
}

/* -- When it is due ------------------------------------------------------------------------------------------------ */

/*
 * What was added since the index was written is read anew by everybody who opens the file: it must stay small beside
 * the index. The less it may be, the more often all has to be written.
 */
enum { GROWTH_MIN = 1 << 19, GROWTH_PART = 32, LIMIT_PART = 16 };

void hf__rewrite_if_due(hf_store *store, int64_t now)
{
    const hf__image *image = &store->image;
    uint64_t added = image->end - image->indexed, part = image->indexed / GROWTH_PART;
    size_t limit = store->options.limit;

    if (added < store->rewrite_backoff)
        return;
    hf_status status = HF_OK;
    size_t too_many = 0;
    if (image->slots.used > limit + limit / LIMIT_PART)
        status = hf__evict(store, limit, now, &too_many);
    else if (image->needs_rewrite || added > (part > GROWTH_MIN ? part : GROWTH_MIN))
        status = hf__rewrite(store, NULL, NULL, NULL);
    /* More were set by hand than the limit: the next note cannot make room either. */
    if (status == HF_OK && too_many > 0)
        store->rewrite_backoff = GROWTH_MIN;
    if (status != HF_OK)
        store->rewrite_backoff = 2 * added + GROWTH_MIN / 8;
}
