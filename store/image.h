/*
 * The header of the file.
 */
#ifndef HF_STORE_IMAGE_H
#define HF_STORE_IMAGE_H

#include "store.h"

typedef struct hf__header {
    hf__siphash_key key;
    uint64_t capacity, indexed, index_check;
} hf__header;

typedef enum hf__header_kind {
    HF__HEADER_SOUND,
    HF__HEADER_DAMAGED,
    HF__HEADER_LATER, /* of a later version of the format */
    HF__HEADER_FOREIGN,
} hf__header_kind;

hf__header_kind hf__image_read_header(const uint8_t *octets, size_t available, hf__header *header);

#endif
