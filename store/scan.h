/*
 * Walks the rows of a file in the order in which they stand, and finds the next sound one behind what is damaged.
 */
#ifndef HF_STORE_SCAN_H
#define HF_STORE_SCAN_H

#include "io.h"
#include "row.h"

enum { HF__SCAN_BUFFER = 65536 };

typedef struct hf__scan {
    const hf__io *io;
    int file;
    uint64_t at, end;       /* octets of the file still to be walked */
    uint64_t buffered_from; /* what the buffer holds */
    size_t buffered;
    uint8_t buffer[HF__SCAN_BUFFER];
} hf__scan;

typedef enum hf__step {
    HF__STEP_ROW,
    HF__STEP_GAP, /* octets that are no row */
    HF__STEP_END,
    HF__STEP_ERROR, /* errno */
} hf__step;

typedef struct hf__found {
    uint64_t offset, length;
    hf__row row;  /* lives until the next step */
    bool cut_off; /* of a gap: it looks like a row that was not written to its end */
} hf__found;

/* Sets up a walk over the octets from `from`, which is a multiple of 8, to `end`. */
void hf__scan_start(hf__scan *scan, const hf__io *io, int file, uint64_t from, uint64_t end);
hf__step hf__scan_next(hf__scan *scan, hf__found *found);

#endif
