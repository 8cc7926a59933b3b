/*
 * Opening an image: the header, the places of the sections, one block of memory, and each section's own check.
 */
#include <stdlib.h>

#include "preload_image.h"
#include "sized.h"
#include "xxh64.h"

#define HEADER_SIZE 116
#define CHECKED_FROM 24 /* what stands before is the magic, the version, the size and the checksum itself */
#define SPARE 8         /* octets at the end, so that a word may be read at any bit */
#define VERSION 1

/* Like PNG's: the high bit and the line ends show a transfer as text. */
static const uint8_t magic[8] = {0x89, 'H', 'F', 'P', '\r', '\n', 0x1a, '\n'};

/* The numbers of the header, and where the sections begin. The header never says where: that follows from the numbers.
 */
typedef struct layout {
    size_t source_length, ending_octets, ending_count, row_count, table_count, context_bits;
    size_t lanes[HF__LANES + 1]; /* the bits where each begins, and where the last ends */
    size_t source, alphabet, endings, codes, tail_codes, contexts, buckets, heads, tails, end;
} layout;

static size_t octets_for(uint64_t bits)
{
    return (size_t)((bits + 7) / 8);
}

uint64_t hf_preload_checksum(const void *bytes, size_t length)
{
    return length < HEADER_SIZE ? 0 : hf__xxh64((const uint8_t *)bytes + CHECKED_FROM, length - CHECKED_FROM);
}

static hf_status check_frame(const uint8_t *octets, size_t length)
{
    if (length < sizeof magic || memcmp(octets, magic, sizeof magic) != 0)
        return HF_E_IMAGE;
    if (length < HEADER_SIZE + SPARE)
        return HF_E_IMAGE_CUT;
    if (hf__load32_little(octets + 8) != VERSION)
        return HF_E_IMAGE_VERSION;
    if (hf__load32_little(octets + 12) != length)
        return HF_E_IMAGE_CUT;
    return hf__load64_little(octets + 16) == hf_preload_checksum(octets, length) ? HF_OK : HF_E_IMAGE_CHECKSUM;
}

static void read_header(const uint8_t *octets, hf_preload_image *image, layout *l)
{
    image->info = hf_preload_info_init();
    image->info.list_time = (int64_t)hf__load64_little(octets + 24);
    image->info.life = (int64_t)hf__load64_little(octets + 32);
    memcpy(image->info.digest, octets + 40, HF_PRELOAD_DIGEST_SIZE);
    image->info.count = hf__load32_little(octets + 72);
    image->info.length = hf__load32_little(octets + 12);
    image->name_count = hf__load32_little(octets + 76);
    l->lanes[0] = 0;
    for (unsigned i = 1; i < HF__LANES; i++)
        l->lanes[i] = hf__load32_little(octets + 100 + 4 * i);
    l->lanes[HF__LANES] = hf__load32_little(octets + 80);
    l->context_bits = hf__load32_little(octets + 84);
    l->ending_count = hf__load16_little(octets + 88);
    l->ending_octets = hf__load16_little(octets + 90);
    l->row_count = hf__load16_little(octets + 92);
    image->tail_max = hf__load16_little(octets + 94);
    l->table_count = hf__load16_little(octets + 96);
    image->bucket_bits = octets[98];
    image->tail_unit = octets[99];
    image->symbol_count = octets[100];
    l->source_length = octets[101];
    image->ending_count = l->ending_count + 1;
    image->cell_bits = image->bucket_bits + HF__HEAD_BITS;
}

/*
 * Whether the numbers keep to their bounds. Every size of memory follows from numbers that the octets themselves bear
 * out, so that a small file cannot ask for much.
 */
static bool check_header(const hf_preload_image *image, const layout *l)
{
    return image->bucket_bits <= 24 && image->tail_unit >= 1 && image->tail_unit <= 8 &&
           image->tail_max <= HF__TAIL_BITS_MAX && image->symbol_count >= 1 && image->symbol_count <= HF__SYMBOLS_MAX &&
           l->table_count >= 1 && l->table_count <= 256 && l->ending_count <= l->ending_octets / 2 &&
           l->row_count * image->symbol_count < HF__DEEPER && l->row_count * image->symbol_count <= l->context_bits &&
           image->info.life >= 0 && image->name_count <= image->info.count &&
           image->info.count <= image->name_count + l->ending_count;
}

/* False if the sections do not fill the image exactly. Sums are taken in 64 bits, and none of the numbers has more
 * than 32. */
static bool lay_out(const hf_preload_image *image, layout *l)
{
    uint64_t at = HEADER_SIZE;

    l->source = (size_t)at;
    l->alphabet = (size_t)(at += l->source_length + 1);
    l->endings = (size_t)(at += image->symbol_count);
    l->codes = (size_t)(at += l->ending_octets);
    l->tail_codes = (size_t)(at += octets_for(4 * (uint64_t)l->table_count * image->symbol_count));
    l->contexts = (size_t)(at += (HF__TAIL_ESCAPE + 1) / 2);
    l->buckets = (size_t)(at += octets_for(l->context_bits));
    l->heads = (size_t)(at += octets_for(image->name_count + (UINT64_C(1) << image->bucket_bits)));
    l->tails = (size_t)(at += image->name_count);
    l->end = (size_t)(at += octets_for(l->lanes[HF__LANES]) + SPARE);
    return at == image->info.length;
}

/* -- Memory -------------------------------------------------------------------------------------------------------- */

static void *allocate_by_malloc(void *self, size_t size)
{
    (void)self;
    return malloc(size);
}

static void release_by_free(void *self, void *block, size_t size)
{
    (void)self, (void)size;
    free(block);
}

/* Two slots or more for each ending, so that some are always empty. */
static unsigned slot_bits(size_t ending_count)
{
    unsigned bits = 1;

    while ((size_t)1 << bits < 2 * ending_count)
        bits++;
    return bits;
}

/* Takes the block: the struct, then the arrays, those of the largest members first. NULL if there is no memory. */
static hf_preload_image *allocate(const hf_preload_image *header, const layout *l)
{
    size_t bits = slot_bits(header->ending_count), slots = (size_t)1 << bits;
    size_t groups = ((size_t)1 << header->bucket_bits) / HF__GROUP + 1, blocks = header->name_count / HF__BLOCK + 1;
    size_t rows = l->row_count * header->symbol_count, codes = l->table_count * header->symbol_count;
    size_t size = sizeof *header + header->ending_count * sizeof(hf__ending) + (groups + blocks) * sizeof(uint32_t) +
                  (slots + rows + codes) * sizeof(uint16_t);
    hf_preload_image *image = header->alloc.allocate(header->alloc.self, size);

    if (image == NULL)
        return NULL;
    *image = *header;
    image->info.memory = size;
    image->slot_shift = (unsigned)(32 - bits);
    image->endings = (hf__ending *)(image + 1);
    image->groups = (uint32_t *)(image->endings + header->ending_count);
    image->blocks = image->groups + groups;
    image->slots = (uint16_t *)(image->blocks + blocks);
    image->rows = image->slots + slots;
    image->codes = image->rows + rows;
    memset(image->slots, 0, slots * sizeof(uint16_t));
    return image;
}

/* -- Sections ------------------------------------------------------------------------------------------------------ */

/* Text for people, and perhaps for a terminal: printable, and a NUL behind it. */
static bool read_source(hf_preload_image *image, const uint8_t *octets, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (octets[i] < 0x20 || octets[i] == 0x7f)
            return false;
    }
    image->info.source = (const char *)octets;
    return octets[length] == '\0';
}

static bool read_sections(hf_preload_image *image, const uint8_t *octets, const layout *l)
{
    image->buckets = octets + l->buckets;
    image->heads = octets + l->heads;
    image->tails = octets + l->tails;
    return read_source(image, octets + l->source, l->source_length) &&
           hf__image_read_alphabet(image, octets + l->alphabet) &&
           hf__image_read_endings(image, octets + l->endings, l->ending_octets) &&
           hf__image_read_codes(image, octets + l->codes, (unsigned)l->table_count) &&
           hf__image_read_contexts(image, octets + l->contexts, l->context_bits, (unsigned)l->table_count,
                                   (unsigned)l->row_count) &&
           hf__image_read_buckets(image) && hf__image_read_tails(image, octets + l->tail_codes, l->lanes);
}

hf_status hf_preload_open(const void *bytes, size_t length, const hf_alloc *alloc, hf_preload_image **image)
{
    hf_preload_image header = {.alloc = {allocate_by_malloc, release_by_free, NULL}};
    layout l;

    if (bytes == NULL || image == NULL || (alloc != NULL && (alloc->allocate == NULL || alloc->release == NULL)))
        return HF_E_ARGUMENT;
    if (alloc != NULL)
        header.alloc = *alloc;
    hf_status status = check_frame(bytes, length);
    if (status != HF_OK)
        return status;
    read_header(bytes, &header, &l);
    if (!check_header(&header, &l) || !lay_out(&header, &l))
        return HF_E_IMAGE_CONTENT;
    hf_preload_image *made = allocate(&header, &l);
    if (made == NULL)
        return HF_E_MEMORY;
    if (!read_sections(made, bytes, &l)) {
        hf_preload_close(made);
        return HF_E_IMAGE_CONTENT;
    }
    *image = made;
    return HF_OK;
}

void hf_preload_close(hf_preload_image *image)
{
    if (image == NULL)
        return;
    hf_alloc alloc = image->alloc; /* what gives the block back must not lie in it */
    alloc.release(alloc.self, image, image->info.memory);
}

void hf_preload_describe(const hf_preload_image *image, hf_preload_info *info)
{
    hf__sized_write(info, info->size, &image->info, sizeof image->info);
}
