/*
 * preload/endings.h: the endings of a list's names that get a code of their own: the top-level domains, and each parent
 * of many names.
 */
#ifndef PRELOAD_ENDINGS_H
#define PRELOAD_ENDINGS_H

#include "holdfast/preload.h"

#include <stdint.h>

#define PRELOAD_ENDING_BITS_MAX 15

typedef struct preload_ending {
    const char *name; /* within a name of the list */
    uint32_t below;   /* names of the list for which it is the longest ending, itself not among them */
    bool is_listed;
    bool include_subdomains;
    uint8_t depth; /* 0 for a top-level domain */
    uint8_t code_bits;
    uint16_t code;
} preload_ending;

typedef struct preload_endings {
    preload_ending *items; /* as the image has them: parents before children */
    size_t count;
    uint32_t *of_entry; /* by entry: the number of its longest ending, which may be itself */
} preload_endings;

/* Chooses the endings of `count` entries, and gives each its code. */
void preload_endings_choose(preload_endings *endings, const hf_preload_entry *entries, size_t count);
void preload_endings_done(preload_endings *endings);

#endif
