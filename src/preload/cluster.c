/*
 * Lloyd's algorithm: each context goes to the table that codes it in the fewest bits, then each table is made anew for
 * the contexts it has got, and again. At first the tables are ideal ones, with fractions of bits; later they are the
 * prefix codes that will be written.
 */
#include "preload/cluster.h"

#include "base/memory.h"
#include "preload/prefix_code.h"

#include <stdlib.h>
#include <string.h>

enum {
    TABLES = PRELOAD_TABLES_MAX,
    IDEAL_ROUNDS = 6,
    CODE_ROUNDS = 3,
    NEVER = 1 << 15, /* the cost of a table that does not exist: more than any real one, and sums still fit */
};

typedef struct clusters {
    preload_tree *tree;
    preload_model *model;
    uint32_t counts[TABLES][PRELOAD_SYMBOLS_MAX];
    uint32_t totals[TABLES];
    uint32_t costs[PRELOAD_SYMBOLS_MAX][TABLES]; /* sixteenths of bits */
} clusters;

/* -- Tables -------------------------------------------------------------------------------------------------------- */

static void gather(clusters *c)
{
    memset(c->counts, 0, sizeof c->counts);
    memset(c->totals, 0, sizeof c->totals);
    for (size_t i = 0; i < c->tree->count; i++) {
        const preload_node *node = &c->tree->nodes[i];
        for (unsigned k = 0; !node->is_gone && k < c->tree->symbol_count; k++)
            c->counts[node->table][k] += node->counts[k];
        c->totals[node->table] += node->is_gone ? 0 : node->total;
    }
}

static void make_ideal(clusters *c)
{
    for (unsigned table = 0; table < TABLES; table++) {
        for (unsigned k = 0; k < c->tree->symbol_count; k++)
            c->costs[k][table] = table < c->model->table_count
                                     ? preload_ideal_cost(c->counts[table][k], c->totals[table], c->tree->symbol_count)
                                     : NEVER;
    }
}

/* Every symbol gets a code, also one that never came: for a host that is asked about may have it. */
static void make_codes(clusters *c)
{
    for (unsigned table = 0; table < c->model->table_count; table++) {
        uint32_t weights[PRELOAD_SYMBOLS_MAX];
        for (unsigned k = 0; k < c->tree->symbol_count; k++)
            weights[k] = 64 * c->counts[table][k] + 1;
        preload_code_lengths(weights, c->tree->symbol_count, PRELOAD_CODE_BITS_MAX, c->model->lengths[table]);
        for (unsigned k = 0; k < c->tree->symbol_count; k++)
            c->costs[k][table] = 16u * c->model->lengths[table][k];
    }
}

/* -- Contexts ------------------------------------------------------------------------------------------------------ */

static void cost_in_all(const clusters *c, const preload_node *node, uint32_t sums[TABLES])
{
    memset(sums, 0, TABLES * sizeof *sums);
    for (unsigned k = 0; k < c->tree->symbol_count; k++) {
        uint32_t count = node->counts[k];
        const uint32_t *costs = c->costs[k];
        for (unsigned table = 0; count > 0 && table < TABLES; table++)
            sums[table] += count * costs[table];
    }
}

static void choose_tables(clusters *c)
{
    for (size_t i = 0; i < c->tree->count; i++) {
        preload_node *node = &c->tree->nodes[i];
        uint32_t sums[TABLES];
        if (node->is_gone)
            continue;
        cost_in_all(c, node, sums);
        for (unsigned table = 0; table < c->model->table_count; table++) {
            if (sums[table] < sums[node->table])
                node->table = (uint16_t)table;
        }
    }
}

static void give_back(preload_tree *tree, preload_node *node)
{
    preload_node *parent = &tree->nodes[node->parent];

    for (unsigned k = 0; k < tree->symbol_count; k++)
        parent->counts[k] += node->counts[k];
    parent->total += node->total;
    parent->child_count--;
    node->is_gone = true;
}

/* What `node` costs more with its parent's table than with its own. */
static int64_t saving(const clusters *c, const preload_node *node)
{
    unsigned own = node->table, parents = c->tree->nodes[node->parent].table;
    int64_t saved = 0;

    for (unsigned k = 0; k < c->tree->symbol_count; k++)
        saved += (int64_t)node->counts[k] * ((int64_t)c->costs[k][parents] - (int64_t)c->costs[k][own]);
    return saved;
}

/* Children first. */
static void prune_leaves(clusters *c, int64_t *saved)
{
    for (size_t i = c->tree->count; i-- > 1;) {
        preload_node *node = &c->tree->nodes[i];
        if (node->is_gone || node->child_count > 0)
            continue;
        int64_t own = saving(c, node) - (int64_t)16 * PRELOAD_LEAF_BITS;
        if (own <= 0)
            give_back(c->tree, node);
        else
            saved[node->parent] += own;
    }
}

/* A family of contexts has a price too: a bit for each child that its parent could have, and for those with rows,
 * memory. */
static void prune_families(clusters *c, const int64_t *saved, int64_t price)
{
    for (size_t i = c->tree->count; i-- > 1;) {
        preload_node *node = &c->tree->nodes[i];
        if (!node->is_gone && node->child_count == 0 && saved[node->parent] > 0 && saved[node->parent] <= 16 * price)
            give_back(c->tree, node);
    }
}

static size_t count_rows(const preload_tree *tree)
{
    size_t rows = 0;

    for (size_t i = 0; i < tree->count; i++)
        rows += !tree->nodes[i].is_gone && tree->nodes[i].depth >= 2 && tree->nodes[i].child_count > 0;
    return rows;
}

/* Removes what is not worth its place, and if there are more rows than fit, what is worth least. */
static void prune(clusters *c)
{
    int64_t price = c->tree->symbol_count;

    do {
        int64_t *saved = base_allocate(c->tree->count * sizeof *saved); /* by the children of each */
        prune_leaves(c, saved);
        prune_families(c, saved, price);
        free(saved);
        price *= 2;
    } while (count_rows(c->tree) * c->tree->symbol_count > PRELOAD_ROWS_MAX);
}

/* -- The rounds ---------------------------------------------------------------------------------------------------- */

static int by_total(const void *a, const void *b)
{
    const preload_node *x = *(const preload_node *const *)a, *y = *(const preload_node *const *)b;

    if (x->total != y->total)
        return x->total > y->total ? -1 : 1;
    return x < y ? -1 : 1;
}

/* The most frequent contexts begin with a table each, and all others with the first one's. */
static void seed(clusters *c)
{
    preload_tree *tree = c->tree;
    preload_node **order = base_allocate(tree->count * sizeof(preload_node *));

    for (size_t i = 0; i < tree->count; i++) {
        order[i] = &tree->nodes[i];
        order[i]->table = TABLES - 1;
    }
    qsort(order, tree->count, sizeof(preload_node *), by_total);
    c->model->table_count = (unsigned)(tree->count < TABLES ? tree->count : TABLES);
    memset(c->counts, 0, sizeof c->counts);
    memset(c->totals, 0, sizeof c->totals);
    for (unsigned table = 0; table < c->model->table_count; table++) {
        memcpy(c->counts[table], order[table]->counts, sizeof order[table]->counts);
        c->totals[table] = order[table]->total;
    }
    for (size_t i = 0; i < tree->count; i++)
        tree->nodes[i].table = 0;
    free(order);
}

static void run_rounds(clusters *c, unsigned rounds, void (*make)(clusters *c))
{
    for (unsigned i = 0; i < rounds; i++) {
        gather(c);
        make(c);
        choose_tables(c);
    }
}

/* Tables that nobody uses are left out, and the others numbered anew. */
static void drop_unused_tables(clusters *c)
{
    uint16_t numbers[TABLES];
    bool is_used[TABLES] = {false};
    unsigned used = 0;

    for (size_t i = 0; i < c->tree->count; i++) {
        if (!c->tree->nodes[i].is_gone)
            is_used[c->tree->nodes[i].table] = true;
    }
    for (unsigned table = 0; table < c->model->table_count; table++)
        numbers[table] = (uint16_t)(is_used[table] ? used++ : 0);
    for (size_t i = 0; i < c->tree->count; i++)
        c->tree->nodes[i].table = numbers[c->tree->nodes[i].table];
    c->model->table_count = used;
}

void preload_cluster(preload_tree *tree, preload_model *model)
{
    clusters *c = base_allocate(sizeof *c);

    c->tree = tree;
    c->model = model;
    seed(c);
    make_ideal(c);
    choose_tables(c);
    run_rounds(c, IDEAL_ROUNDS, make_ideal);
    prune(c);
    drop_unused_tables(c);
    gather(c);
    make_ideal(c);
    run_rounds(c, CODE_ROUNDS, make_codes);
    prune(c);
    run_rounds(c, CODE_ROUNDS, make_codes);
    prune(c);
    drop_unused_tables(c);
    gather(c);
    make_codes(c);
    for (unsigned table = 0; table < model->table_count; table++)
        preload_codes(model->lengths[table], model->symbol_count, model->codes[table]);
    free(c);
}
