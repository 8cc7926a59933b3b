/*
 * stores/merge.h: which of several rows of one host counts, for a million rows in 24 octets each.
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
    unsigned char *winners, *wide, *lower; /* a bit for each row, by its number */
    bool widens;
    bool keeps_newer; /* the target does, by itself */
    bool lowers;      /* some row that wins protects less than one that it displaces */
} stores_merge;

#define STORES_ROWS_MAX ((uint64_t)1 << 24)

/* Begin with one that is all 0. */
void stores_merge_done(stores_merge *merge);

/* Row number `number` (from 0, below STORES_ROWS_MAX). */
void stores_merge_add(stores_merge *merge, uint64_t number, uint64_t identity, const hf_row *row,
                      const hf_format_options *options);

/* After the last row: decides. Identities are kept for stores_merge_holds only if they are `asked_for`. */
void stores_merge_settle(stores_merge *merge, uint64_t numbers, bool asked_for);

/*
 * True if row `number` is the one of its host that counts: of the strongest (stores/translate.h) the one noted last.
 * *include_subdomains becomes what holds for the host.
 */
bool stores_merge_wins(const stores_merge *merge, uint64_t number, bool *include_subdomains);
/* True if it wins, and a policy of the host that it displaces ends later or covers subdomains that it does not. */
bool stores_merge_lowers(const stores_merge *merge, uint64_t number);
/* True if some row has this identity. */
bool stores_merge_holds(const stores_merge *merge, uint64_t identity);
/*
 * A row that the target has under this identity. True if what comes in replaces it and protects less. What is no
 * policy is withdrawn before a policy: it wins no more. Only with `asked_for`.
 */
bool stores_merge_meet(stores_merge *merge, uint64_t identity, const hf_row *there, const hf_format_options *options);

#endif
