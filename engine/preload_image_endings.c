/*
 * The endings of an image: a tree of labels, written parent before child. An ending is two octets and its leftmost
 * label: bits 0 to 5 the length of the label, bit 6 is it listed, bit 7 with include_subdomains; bits 0 to 3 the length
 * of its code, bits 4 to 7 its depth (0 for a top-level domain).
 */
#include "preload_image.h"

#define DEPTHS 16

/* Enters an ending, unless it is there already. */
static bool enter(hf_preload_image *image, unsigned number)
{
    const hf__ending *ending = &image->endings[number];
    uint32_t mask = UINT32_MAX >> image->slot_shift, hash = hf__ending_seed(ending->parent);

    for (size_t i = ending->length; i > 0; i--)
        hash = hf__ending_mix(hash, ending->label[i - 1]);
    uint32_t slot = hash >> image->slot_shift;
    for (; image->slots[slot] != 0; slot = (slot + 1) & mask) {
        const hf__ending *other = &image->endings[image->slots[slot]];
        if (other->parent == ending->parent && other->length == ending->length &&
            memcmp(other->label, ending->label, ending->length) == 0)
            return false;
    }
    image->slots[slot] = (uint16_t)number;
    return true;
}

static bool is_label(const uint8_t *octets, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (octets[i] <= 0x20 || octets[i] >= 0x7f || octets[i] == '.' || (octets[i] >= 'A' && octets[i] <= 'Z'))
            return false;
    }
    return length > 0;
}

/* Codes are given in the order of their lengths, so they come after all lengths are known. */
static bool give_codes(hf_preload_image *image)
{
    uint16_t next[HF__SUFFIX_BITS_MAX + 2] = {0};
    uint32_t of_length[HF__SUFFIX_BITS_MAX + 1] = {0}, code = 0;

    for (size_t i = 1; i < image->ending_count; i++)
        of_length[image->endings[i].code_bits]++;
    of_length[0] = 0;
    for (unsigned length = 1; length <= HF__SUFFIX_BITS_MAX; length++) {
        code = (code + of_length[length - 1]) << 1;
        next[length] = (uint16_t)code;
        if (code + of_length[length] > (uint32_t)1 << length)
            return false;
    }
    for (size_t i = 1; i < image->ending_count; i++)
        image->endings[i].code = next[image->endings[i].code_bits]++;
    return true;
}

bool hf__image_read_endings(hf_preload_image *image, const uint8_t *octets, size_t length)
{
    uint16_t path[DEPTHS] = {0}; /* the ending read last of each depth; 0 where there is none */
    const uint8_t *end = octets + length;
    size_t listed = 0;

    image->endings[0] = (hf__ending){0};
    for (unsigned number = 1; number < image->ending_count; number++) {
        if (end - octets < 2 || end - octets - 2 < (octets[0] & 63) || !is_label(octets + 2, octets[0] & 63))
            return false;
        unsigned depth = octets[1] >> 4;
        if (depth > 0 && path[depth - 1] == 0)
            return false;
        hf__ending *ending = &image->endings[number];
        *ending = (hf__ending){
            .label = octets + 2,
            .length = octets[0] & 63,
            .parent = depth > 0 ? path[depth - 1] : 0,
            .code_bits = octets[1] & 15,
            .is_listed = octets[0] >> 6 & 1,
            .include_subdomains = octets[0] >> 7,
        };
        if (!enter(image, number))
            return false;
        image->endings[ending->parent].children |= hf__label_bit(ending->label, ending->label + ending->length);
        memset(path + depth, 0, (DEPTHS - depth) * sizeof path[0]);
        path[depth] = (uint16_t)number;
        listed += ending->is_listed;
        octets += 2 + ending->length;
    }
    return octets == end && listed + image->name_count == image->info.count && give_codes(image);
}
