#include "preload/grow.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* All counts together stay below this, so that sums of costs fit in 32 bits; larger lists are counted by a part of
 * their names. */
#define TEXT_MAX ((size_t)1 << 24)

#define NODE_TOTAL_MIN 24 /* a context met less often cannot save what it costs */

/*
 * Each symbol with those in front of it, as one number: the nearest of them is the most significant, the symbol itself
 * the least. Sorted, all that belongs to a context stands together, and longer contexts stand within shorter ones.
 */
typedef struct run {
    uint32_t key;
    uint32_t count;
} run;

#define KEY_BITS (6 * (PRELOAD_DEPTH_MAX + 1))

static void sort_keys(uint32_t *keys, uint32_t *spare, size_t count)
{
    enum { DIGIT = 10 };
    for (unsigned shift = 0; shift < KEY_BITS; shift += DIGIT) {
        size_t starts[(1 << DIGIT) + 1] = {0};
        for (size_t i = 0; i < count; i++)
            starts[(keys[i] >> shift & ((1 << DIGIT) - 1)) + 1]++;
        for (size_t i = 1; i <= 1 << DIGIT; i++)
            starts[i] += starts[i - 1];
        for (size_t i = 0; i < count; i++)
            spare[starts[keys[i] >> shift & ((1 << DIGIT) - 1)]++] = keys[i];
        memcpy(keys, spare, count * sizeof *keys);
    }
}

/* The keys of names 0, step, 2*step..., at most TEXT_MAX of them. */
static size_t make_keys(uint32_t *keys, const uint8_t *text, const size_t *ends, size_t name_count, size_t step)
{
    size_t count = 0;

    for (size_t name = 0; name < name_count; name += step) {
        uint32_t history = 0; /* here the nearest is the most significant */
        for (size_t i = name == 0 ? 0 : ends[name - 1]; i < ends[name] && count < TEXT_MAX; i++) {
            keys[count++] = history << 6 | text[i];
            history = history >> 6 | (uint32_t)text[i] << (KEY_BITS - 12);
        }
    }
    return count;
}

static size_t count_runs(const uint32_t *keys, size_t count, run *runs)
{
    size_t made = 0;

    for (size_t i = 0; i < count; i++) {
        if (made == 0 || runs[made - 1].key != keys[i])
            runs[made++] = (run){keys[i], 0};
        runs[made - 1].count++;
    }
    return made;
}

/* -- Costs --------------------------------------------------------------------------------------------------------- */

/* The logarithm to base 2, in sixteenths, rounded down. */
static uint32_t log2_16(uint64_t value)
{
    uint32_t whole = 0, part = 0;

    while (value >> whole > 1)
        whole++;
    uint64_t mantissa = whole >= 31 ? value >> (whole - 31) : value << (31 - whole); /* 1.0 is 2^31 */
    for (int i = 0; i < 4; i++) {
        mantissa = mantissa * mantissa >> 31;
        part = part << 1 | (uint32_t)(mantissa >> 32);
        mantissa >>= mantissa >> 32;
    }
    return whole << 4 | part;
}

uint32_t preload_ideal_cost(uint32_t count, uint32_t total, unsigned symbol_count)
{
    uint32_t cost = log2_16(16 * (uint64_t)total + symbol_count) - log2_16(16 * (uint64_t)count + 1);
    uint32_t most = 16 * PRELOAD_CODE_BITS_MAX;

    return cost < 8 ? 8 : cost > most ? most : cost;
}

/* What `counts` cost with the code that would be best for `model`. */
static uint64_t cost_with(const preload_tree *tree, const uint32_t *counts, const preload_node *model)
{
    uint64_t cost = 0;

    for (unsigned i = 0; i < tree->symbol_count; i++) {
        if (counts[i] > 0)
            cost += (uint64_t)counts[i] * preload_ideal_cost(model->counts[i], model->total, tree->symbol_count);
    }
    return cost;
}

/* -- Growing ------------------------------------------------------------------------------------------------------- */

static preload_node *add_node(preload_tree *tree)
{
    if (tree->count == tree->capacity) {
        tree->capacity = tree->capacity > 0 ? 2 * tree->capacity : 256;
        preload_node *nodes = realloc(tree->nodes, tree->capacity * sizeof *nodes);
        if (nodes == NULL)
            base_out_of_memory();
        tree->nodes = nodes;
    }
    preload_node *node = &tree->nodes[tree->count++];
    memset(node, 0, sizeof *node);
    return node;
}

static void count_node(preload_node *node, const run *runs)
{
    for (size_t i = node->first; i < node->last; i++) {
        node->counts[runs[i].key & 63] += runs[i].count;
        node->total += runs[i].count;
    }
}

/* The symbol by which the contexts one longer than those of `depth` differ. */
static unsigned symbol_at(uint32_t key, unsigned depth)
{
    return key >> (KEY_BITS - 6 * (depth + 1)) & 63;
}

/* Its counts are compared with those of the parent as a whole, for which of its children will stay is not known yet. */
static bool is_promising(const preload_tree *tree, const preload_node *child, const preload_node *parent)
{
    if (child->total < NODE_TOTAL_MIN)
        return false;
    uint64_t with_parent = cost_with(tree, child->counts, parent), alone = cost_with(tree, child->counts, child);
    return with_parent > alone + (uint64_t)16 * PRELOAD_LEAF_BITS;
}

static void add_children(preload_tree *tree, uint32_t number, const run *runs)
{
    preload_node parent = tree->nodes[number];

    for (size_t first = parent.first, last; first < parent.last; first = last) {
        unsigned symbol = symbol_at(runs[first].key, parent.depth);
        last = first;
        while (last < parent.last && symbol_at(runs[last].key, parent.depth) == symbol)
            last++;
        preload_node *child = add_node(tree);
        child->parent = number;
        child->first = first;
        child->last = last;
        child->depth = (uint8_t)(parent.depth + 1);
        child->symbol = (uint8_t)symbol;
        count_node(child, runs);
        if (is_promising(tree, child, &parent))
            tree->nodes[number].child_count++;
        else
            tree->count--;
    }
}

/* From here on a node counts only what no longer context takes. Children come after parents, and take away their all.
 */
static void leave_to_children(preload_tree *tree)
{
    for (size_t i = 1; i < tree->count; i++) {
        preload_node *parent = &tree->nodes[tree->nodes[i].parent];
        for (unsigned k = 0; k < tree->symbol_count; k++)
            parent->counts[k] -= tree->nodes[i].counts[k];
        parent->total -= tree->nodes[i].total;
    }
}

void preload_tree_grow(preload_tree *tree, unsigned symbol_count, const uint8_t *text, const size_t *ends,
                       size_t name_count)
{
    size_t length = name_count > 0 ? ends[name_count - 1] : 0, step = length / TEXT_MAX + 1;
    uint32_t *keys = base_allocate(2 * length * sizeof *keys);
    size_t count = make_keys(keys, text, ends, name_count, step);
    run *runs = base_allocate(count * sizeof *runs);

    sort_keys(keys, keys + length, count);
    *tree = (preload_tree){.symbol_count = symbol_count};
    preload_node *root = add_node(tree);
    root->last = count_runs(keys, count, runs);
    count_node(root, runs);
    for (uint32_t i = 0; i < tree->count; i++) {
        if (tree->nodes[i].depth < PRELOAD_DEPTH_MAX)
            add_children(tree, i, runs);
    }
    leave_to_children(tree);
    free(runs);
    free(keys);
}

void preload_tree_done(preload_tree *tree)
{
    free(tree->nodes);
    *tree = (preload_tree){0};
}
