/*
 * stores/merge.h: which of several rows of one host counts, for a million rows in 16 octets each.
 */
#ifndef STORES_MERGE_H
#define STORES_MERGE_H

#include "holdfast/formats.h"

/*
 * What tells a row from others in a store of this format (NULL: our own), as 64 bits of a SHA-256: the name, and the
 * port and the partition where the format keeps them. `options` knows the site of a host.
 */
uint64_t stores_identity(const hf_row *row, const hf_format *format, const hf_format_options *options);

typedef struct stores_merge {
    struct stores_merge_row *rows;
    size_t count, capacity;
    unsigned char *winners, *wide; /* a bit for each row, by its number */
    bool widens;
} stores_merge;

#define STORES_ROWS_MAX ((uint64_t)1 << 24)

/* Begin with one that is all 0. */
void stores_merge_done(stores_merge *merge);

/* Row number `number` (from 0, below STORES_ROWS_MAX). */
void stores_merge_add(stores_merge *merge, uint64_t number, uint64_t identity, const hf_row *row);

/* After the last row: decides. Identities are kept for stores_merge_holds only if they are `asked_for`. */
void stores_merge_settle(stores_merge *merge, uint64_t numbers, bool asked_for);

/*
 * True if row `number` is the one of its host that was noted last. *include_subdomains becomes what holds for the
 * host.
 */
bool stores_merge_wins(const stores_merge *merge, uint64_t number, bool *include_subdomains);
/* True if some row has this identity. */
bool stores_merge_holds(const stores_merge *merge, uint64_t identity);

#endif
