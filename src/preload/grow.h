/*
 * preload/grow.h: the contexts that may be worth a place in the model, with what was counted in each; see model.h.
 */
#ifndef PRELOAD_GROW_H
#define PRELOAD_GROW_H

#include "preload/model.h"

/* What a context costs to write down: its table and one bit; and one that has children, a bit for each symbol. */
#define PRELOAD_LEAF_BITS 9

typedef struct preload_node {
    uint32_t counts[PRELOAD_SYMBOLS_MAX]; /* of the symbols coded here, not in a longer context */
    uint32_t total;
    uint32_t parent;
    uint32_t child_count; /* of those in the tree */
    size_t first, last;   /* the runs that belong to it and to longer contexts; used while growing */
    uint16_t table;
    uint8_t depth;
    uint8_t symbol; /* the leftmost of the context's, by which the parent knows it */
    bool is_gone;   /* it was given back to its parent */
} preload_node;

typedef struct preload_tree {
    preload_node *nodes; /* parents before children */
    size_t count, capacity;
    unsigned symbol_count;
} preload_tree;

/* Counts the names (as for preload_model_learn) and grows every context that promises to be worth its cost. */
void preload_tree_grow(preload_tree *tree, unsigned symbol_count, const uint8_t *text, const size_t *ends,
                       size_t name_count);
void preload_tree_done(preload_tree *tree);

/*
 * Bits, in sixteenths, that the best possible code would take for a symbol that occurs `count` times in `total`. Rare
 * symbols are taken to be a little more frequent than they are, and no code is longer than the maximum.
 */
uint32_t preload_ideal_cost(uint32_t count, uint32_t total, unsigned symbol_count);

#endif
