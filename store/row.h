/*
 * A row of the file: one entry as it was noted, or the word that an entry is forgotten. docs/formats/known-hosts.md has
 * the octets.
 *
 * A row's checksum covers its place in the file too, so that neither a row moved elsewhere nor one inside another's
 * text is taken for a row.
 */
#ifndef HF_STORE_ROW_H
#define HF_STORE_ROW_H

#include "holdfast/hosts.h"

#define HF__ROW_HEAD 40u
#define HF__ROW_UNIT 8u
#define HF__ROW_MAX ((HF__ROW_HEAD + HF_HOST_MAX + HF_PARTITION_MAX + HF__ROW_UNIT - 1) / HF__ROW_UNIT * HF__ROW_UNIT)

typedef struct hf__row {
    hf_entry entry; /* when read, host and partition point into the octets */
    bool forgotten;
} hf__row;

/* Writes the row that will stand at `offset`. Returns its length, 0 if it is none that hf__row_read would accept. */
size_t hf__row_write(const hf__row *row, uint64_t offset, uint8_t out[HF__ROW_MAX]);

/* Reads the row at `offset` from the octets there. Returns its length, 0 if they are no sound row. */
size_t hf__row_read(const uint8_t *octets, size_t available, uint64_t offset, hf__row *row);

/* The length of the row that seems to begin here, whether it is sound or not; 0 if none does. */
size_t hf__row_claim(const uint8_t *octets, size_t available);

#endif
