/*
 * The file in memory: its header, its index, and how an entry is found in it.
 */
#include "image.h"

#include "octets.h"

/* Offsets within the header. */
enum { MAGIC = 0, VERSION = 8, ZERO = 12, KEY = 16, CAPACITY = 32, INDEXED = 40, INDEX_CHECK = 48, CHECK = 56 };

enum { MAGIC_LENGTH = 8, VERSION_VALUE = 1 };

static const char magic[MAGIC_LENGTH + 1] = "HFHOSTS\n";
static const hf__siphash_key check_key = {UINT64_C(0x7372656461654820), UINT64_C(0x7365636964656e49)};

void hf__image_init(hf__image *image)
{
    *image = (hf__image){.file = -1, .first = HF__HEADER, .indexed = HF__HEADER, .end = HF__HEADER};
}

void hf__image_done(hf__image *image, const hf__io *io)
{
    if (image->file >= 0)
        io->close(image->file);
    hf__slots_done(&image->slots);
    hf__image_init(image);
}

/* -- Header and index ---------------------------------------------------------------------------------------------- */

void hf__image_write_header(const hf__image *image, uint64_t index_check, uint8_t out[HF__HEADER])
{
    memset(out, 0, HF__HEADER);
    memcpy(out + MAGIC, magic, MAGIC_LENGTH);
    hf__put32(out + VERSION, VERSION_VALUE);
    hf__put64(out + KEY, image->key.a);
    hf__put64(out + KEY + 8, image->key.b);
    hf__put64(out + CAPACITY, image->slots.capacity);
    hf__put64(out + INDEXED, image->indexed);
    hf__put64(out + INDEX_CHECK, index_check);
    hf__put64(out + CHECK, hf__siphash(check_key, out, CHECK));
}

hf__header_kind hf__image_read_header(const uint8_t *octets, size_t available, hf__header *header)
{
    if (available < MAGIC_LENGTH || memcmp(octets, magic, MAGIC_LENGTH) != 0)
        return HF__HEADER_FOREIGN;
    if (available < HF__HEADER)
        return HF__HEADER_DAMAGED;
    if (hf__get64(octets + CHECK) != hf__siphash(check_key, octets, CHECK))
        return HF__HEADER_DAMAGED;
    if (hf__get32(octets + VERSION) != VERSION_VALUE || hf__get32(octets + ZERO) != 0)
        return HF__HEADER_LATER;
    *header = (hf__header){
        .key = {hf__get64(octets + KEY), hf__get64(octets + KEY + 8)},
        .capacity = hf__get64(octets + CAPACITY),
        .indexed = hf__get64(octets + INDEXED),
        .index_check = hf__get64(octets + INDEX_CHECK),
    };
    return HF__HEADER_SOUND;
}

uint64_t hf__image_check_index(const void *octets, size_t length)
{
    return hf__siphash(check_key, octets, length);
}

void hf__image_swap_index(uint64_t *slots, size_t count)
{
    for (size_t i = 0; i < count; i++)
        hf__put64((uint8_t *)&slots[i], slots[i]);
}

/* -- Entries ------------------------------------------------------------------------------------------------------- */

uint32_t hf__image_hash(const hf__image *image, hf_span host, hf_span partition)
{
    uint64_t hash = hf__siphash(image->key, host.data, host.length);

    if (partition.length > 0)
        hash = hf__siphash((hf__siphash_key){hash, image->key.b}, partition.data, partition.length);
    return (uint32_t)(hash ^ hash >> 32);
}

static bool same(hf_span a, hf_span b)
{
    return a.length == b.length && (a.length == 0 || memcmp(a.data, b.data, a.length) == 0);
}

hf_status hf__image_find(const hf_store *store, const hf__image *image, hf_span host, hf_span partition,
                         hf__place *place)
{
    uint32_t hash = hf__image_hash(image, host, partition);
    size_t probe = 0, got;

    while ((place->slot = hf__slots_next(&image->slots, hash, &probe)) != NULL) {
        uint64_t offset = hf__slots_offset(*place->slot);
        if (!hf__read_at(store->io, image->file, place->octets, HF__ROW_MAX, offset, &got))
            return HF_E_STORE_IO;
        if (hf__row_read(place->octets, got, offset, &place->row) == 0)
            hf__damage_tell(store, image, HF_DAMAGE_ENTRIES, offset, HF__ROW_HEAD);
        else if (same(place->row.entry.host, host) && same(place->row.entry.partition, partition))
            break;
    }
    return HF_OK;
}

bool hf__image_is_current(const hf__image *image, const hf__row *row, uint64_t offset)
{
    uint32_t hash = hf__image_hash(image, row->entry.host, row->entry.partition);

    return !row->forgotten && hf__slots_has(&image->slots, hash, offset);
}
