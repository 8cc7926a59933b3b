/*
 * stores/diff.h: what one store says and the other does not. Compared by host, in whole seconds, for not all formats
 * keep more.
 */
#ifndef STORES_DIFF_H
#define STORES_DIFF_H

#include "stores/context.h"
#include "stores/store.h"

/* The rows of both, in memory. */
typedef struct stores_diff stores_diff;

/* Reads both stores. False, with the reason. */
bool stores_diff_open(const stores_store stores[2], stores_context *context, stores_diff **diff, base_error *error);
/* How many entries of the first or second store are damaged, and were passed over. */
uint64_t stores_diff_damaged(const stores_diff *diff, size_t store);
void stores_diff_close(stores_diff *diff);

/*
 * Reports every difference: rows of one host that are not equal; NULL where a store has no such row. Returns how many
 * rows are equal.
 */
uint64_t stores_diff_walk(const stores_diff *diff, void (*differ)(void *self, const hf_row *a, const hf_row *b),
                          void *self);

#endif
