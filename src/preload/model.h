/*
 * preload/model.h: the code for the characters of a list's names, learned from the list.
 *
 * A character is coded by one of at most 256 tables of prefix codes; which one depends on the characters to the right
 * of it (its context), for names are read from right to left. Contexts form a tree: the root is the empty context, its
 * children the contexts of one character, and so on. The longest context that is in the tree decides. A context is in
 * the tree only if what it saves is more than what it costs to write down, so a small list gets a small model.
 *
 * Everything is reckoned in integers: one list gives one model, on every machine.
 */
#ifndef PRELOAD_MODEL_H
#define PRELOAD_MODEL_H

#include "preload/bits.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PRELOAD_SYMBOLS_MAX 64
#define PRELOAD_TABLES_MAX 256
#define PRELOAD_CODE_BITS_MAX 12
#define PRELOAD_DEPTH_MAX 3      /* characters that a context may look back */
#define PRELOAD_ROWS_MAX 0x7fffu /* row_count times symbol_count */

typedef struct preload_context {
    uint16_t table;
    bool is_deeper;                         /* has a child */
    uint32_t children[PRELOAD_SYMBOLS_MAX]; /* by symbol: number of the context, 0 for none */
} preload_context;

typedef struct preload_model {
    unsigned symbol_count;
    unsigned table_count;
    uint8_t lengths[PRELOAD_TABLES_MAX][PRELOAD_SYMBOLS_MAX];
    uint16_t codes[PRELOAD_TABLES_MAX][PRELOAD_SYMBOLS_MAX];
    preload_context *contexts; /* the first is the root */
    size_t context_count;
    size_t row_count; /* contexts of two symbols or more that have children */
} preload_model;

/*
 * Learns from names given as symbols from right to left, one after the other in `text`; name i ends before ends[i].
 * Symbol 0 is the dot, and in front of a name stand dots.
 */
void preload_model_learn(preload_model *model, unsigned symbol_count, const uint8_t *text, const size_t *ends,
                         size_t name_count);
void preload_model_done(preload_model *model);

/* Appends the code of `symbol`, which comes after `history` (6 bits a symbol, the latest at the bottom). */
void preload_model_encode(const preload_model *model, uint32_t history, unsigned symbol, preload_bits *bits);

/* Appends the tree of contexts as the image has it. */
void preload_model_write_contexts(const preload_model *model, preload_bits *bits);

#endif
