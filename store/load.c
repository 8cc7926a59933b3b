/*
 * Reading the file: its header and index in one piece, then the rows that were added since. Nothing it says is believed
 * unseen.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "image.h"
#include "random.h"
#include "scan.h"

/* -- Rows ---------------------------------------------------------------------------------------------------------- */

/* Makes the index say what this row says. */
static hf_status take(const hf_store *store, hf__image *image, const hf__row *row, uint64_t offset)
{
    hf__place place;
    hf_status status = hf__image_find(store, image, row->entry.host, row->entry.partition, &place);

    if (status != HF_OK)
        return status;
    if (row->forgotten) {
        if (place.slot != NULL)
            hf__slots_remove(&image->slots, place.slot);
        return HF_OK;
    }
    uint64_t value = hf__slots_make(hf__image_hash(image, row->entry.host, row->entry.partition), offset);
    if (place.slot != NULL) {
        *place.slot = value;
        return HF_OK;
    }
    if (!hf__slots_reserve(&image->slots))
        return HF_E_MEMORY;
    hf__slots_add(&image->slots, value);
    return HF_OK;
}

/*
 * Nobody is writing, and still there is a gap. At the end of the file it may be an entry of which the writer never
 * heard that it was kept; what was is kept elsewhere. Such an end is left for the next writer to cut off, anything else
 * is walked over.
 */
static void pass_gap(const hf_store *store, hf__image *image, const hf__found *gap, uint64_t size)
{
    uint64_t gap_end = gap->offset + gap->length;
    bool unfinished = gap_end == size && gap->cut_off;

    if (gap_end > image->reported_until) {
        image->reported_until = gap_end;
        hf__damage_tell(store, image, unfinished ? HF_DAMAGE_UNFINISHED : HF_DAMAGE_ENTRIES, gap->offset, gap->length);
    }
    image->needs_rewrite = image->needs_rewrite || !unfinished;
    image->end = unfinished ? gap->offset : (gap_end + HF__ROW_UNIT - 1) / HF__ROW_UNIT * HF__ROW_UNIT;
}

static hf_status take_all(const hf_store *store, hf__image *image, hf__scan *scan, uint64_t size, bool settled,
                          bool *unsettled)
{
    hf__found found;

    for (;;) {
        switch (hf__scan_next(scan, &found)) {
        case HF__STEP_ROW: {
            hf_status status = take(store, image, &found.row, found.offset);
            if (status != HF_OK)
                return status;
            image->end = found.offset + found.length;
            break;
        }
        case HF__STEP_GAP:
            if (!settled) {
                *unsettled = true;
                return HF_OK;
            }
            pass_gap(store, image, &found, size);
            break;
        case HF__STEP_END:
            return HF_OK;
        case HF__STEP_ERROR:
            return HF_E_STORE_IO;
        }
    }
}

static hf_status load_failed(const hf_store *store, hf_status status, hf_store_error *error)
{
    if (status == HF_E_MEMORY)
        return hf__fail(error, status, ENOMEM, "out of memory while reading %s", store->path);
    return hf__fail_system(error, "read", store->path);
}

hf_status hf__load_rows(const hf_store *store, hf__image *image, uint64_t size, bool settled, bool *unsettled,
                        hf_store_error *error)
{
    hf__scan *scan = malloc(sizeof *scan);
    hf_status status = HF_E_MEMORY;

    *unsettled = false;
    if (size > HF__SLOTS_OFFSET_MAX)
        size = HF__SLOTS_OFFSET_MAX;
    if (scan != NULL) {
        hf__scan_start(scan, store->io, image->file, image->end, size);
        status = take_all(store, image, scan, size, settled, unsettled);
    }
    if (status != HF_OK)
        status = load_failed(store, status, error);
    free(scan);
    return status;
}

/* -- The index ----------------------------------------------------------------------------------------------------- */

/* False if the header speaks of an index that this file cannot have. */
static bool is_possible(const hf__header *header, uint64_t size)
{
    uint64_t capacity = header->capacity;

    return capacity <= (size - HF__HEADER) / 8 && (capacity & (capacity - 1)) == 0 &&
           header->indexed >= HF__HEADER + capacity * 8 && header->indexed <= size &&
           header->indexed % HF__ROW_UNIT == 0;
}

/* Reads the index; it is left out if it is not what was written. */
static hf_status read_index(hf_store *store, hf__image *image, const hf__header *header, uint64_t size)
{
    if (!is_possible(header, size))
        return HF_OK;
    hf__slots slots = {.capacity = (size_t)header->capacity};
    size_t length = slots.capacity * 8, got = 0;
    image->first = image->end = HF__HEADER + length;
    slots.slots = malloc(length > 0 ? length : 1);
    if (slots.slots == NULL)
        return HF_E_MEMORY;
    if (!hf__read_at(store->io, image->file, slots.slots, length, HF__HEADER, &got)) {
        hf__slots_done(&slots);
        return HF_E_STORE_IO;
    }
    bool sound = got == length && hf__image_check_index(slots.slots, length) == header->index_check;
    hf__image_swap_index(slots.slots, slots.capacity);
    if (!sound || !hf__slots_count(&slots, image->first, header->indexed)) {
        hf__slots_done(&slots);
        return HF_OK;
    }
    image->slots = slots;
    image->indexed = image->end = header->indexed;
    return HF_OK;
}

/* -- The file ------------------------------------------------------------------------------------------------------ */

/* Where the first sound row stands; `size` if there is none. */
static hf_status find_first_row(const hf_store *store, const hf__image *image, uint64_t size, uint64_t *first)
{
    hf__scan *scan = malloc(sizeof *scan);

    if (scan == NULL)
        return HF_E_MEMORY;
    hf__found found;
    hf__scan_start(scan, store->io, image->file, 0, size);
    hf__step step = hf__scan_next(scan, &found);
    *first = step == HF__STEP_GAP ? found.offset + found.length : step == HF__STEP_ROW ? 0 : size;
    free(scan);
    return step == HF__STEP_ERROR ? HF_E_STORE_IO : HF_OK;
}

/* Without a header the rows are still there: they can be told from anything else by themselves. */
static hf_status do_without_header(hf_store *store, hf__image *image, uint64_t size, bool ours, hf_store_error *error)
{
    uint64_t first = 0;
    hf_status status = find_first_row(store, image, size, &first);

    if (status != HF_OK)
        return load_failed(store, status, error);
    if (!ours && first >= size && size > 0)
        return hf__fail(error, HF_E_STORE_FOREIGN, 0,
                        "%s is no known-hosts file of Holdfast: name another file, or move this one away", store->path);
    if (!hf__random(&image->key, sizeof image->key))
        return hf__fail_system(error, "read", "/dev/urandom");
    image->first = image->indexed = image->end = (first + HF__ROW_UNIT - 1) / HF__ROW_UNIT * HF__ROW_UNIT;
    image->reported_until = first;
    image->needs_rewrite = true;
    hf__damage_tell(store, image, size == 0 ? HF_DAMAGE_EMPTY : HF_DAMAGE_HEADER, 0, first);
    return HF_OK;
}

static hf_status read_head(hf_store *store, hf__image *image, uint64_t size, hf_store_error *error)
{
    uint8_t octets[HF__HEADER];
    hf__header header;
    size_t got;

    if (!hf__read_at(store->io, image->file, octets, sizeof octets, 0, &got))
        return hf__fail_system(error, "read", store->path);
    switch (hf__image_read_header(octets, got, &header)) {
    case HF__HEADER_LATER:
        return hf__fail(error, HF_E_STORE_VERSION, 0,
                        "%s was written by a later version of Holdfast: update this one, or name another file",
                        store->path);
    case HF__HEADER_DAMAGED:
        return do_without_header(store, image, size, true, error);
    case HF__HEADER_FOREIGN:
        return do_without_header(store, image, size, false, error);
    case HF__HEADER_SOUND:
        break;
    }
    image->key = header.key;
    hf_status status = read_index(store, image, &header, size);
    if (status != HF_OK)
        return load_failed(store, status, error);
    if (image->slots.slots == NULL) {
        image->needs_rewrite = true;
        image->indexed = image->first;
        hf__damage_tell(store, image, HF_DAMAGE_INDEX, HF__HEADER, image->first - HF__HEADER);
    }
    return HF_OK;
}

/* While a writer is at work, what it is just writing is neither sound nor damaged: so that is looked at again when
 * nobody may write. */
hf_status hf__load_news(const hf_store *store, hf__image *image, uint64_t size, hf_store_error *error)
{
    bool unsettled;
    hf_status status = hf__load_rows(store, image, size, false, &unsettled, error);

    if (status != HF_OK || !unsettled)
        return status;
    struct stat now;
    status = hf__lock(store, image->file, HF__LOCK_READ, error);
    if (status != HF_OK)
        return status;
    if (store->io->fstat(image->file, &now) != 0)
        status = hf__fail_system(error, "look at", store->path);
    else
        status = hf__load_rows(store, image, (uint64_t)now.st_size, true, &unsettled, error);
    hf__unlock(store, image->file);
    return status;
}

static hf_status read_file(hf_store *store, hf__image *image, hf_store_error *error)
{
    struct stat status;

    if (store->io->fstat(image->file, &status) != 0)
        return hf__fail_system(error, "look at", store->path);
    hf_status result = hf__place_check_file(store, &status, error);
    if (result != HF_OK)
        return result;
    image->device = status.st_dev;
    image->inode = status.st_ino;
    result = read_head(store, image, (uint64_t)status.st_size, error);
    return result == HF_OK ? hf__load_news(store, image, (uint64_t)status.st_size, error) : result;
}

/* O_NONBLOCK: a pipe in the file's place is refused, not waited for. */
hf_status hf__load(hf_store *store, hf_store_error *error)
{
    hf__image image;

    hf__image_init(&image);
    if (store->folder < 0) {
        hf_status status = hf__place_open(store, error);
        if (status != HF_OK || store->folder < 0)
            return status;
    }
    int flags = (store->options.read_only ? O_RDONLY : O_RDWR) | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
    image.file = store->io->openat(store->folder, store->name, flags);
    if (image.file < 0 && errno != ENOENT)
        return hf__fail_system(error, store->options.read_only ? "open" : "open for writing", store->path);
    hf_status status = image.file >= 0 ? read_file(store, &image, error) : HF_OK;
    if (status != HF_OK) {
        hf__image_done(&image, store->io);
        return status;
    }
    hf__image_done(&store->image, store->io);
    store->image = image;
    store->folder_synced = false;
    return HF_OK;
}
