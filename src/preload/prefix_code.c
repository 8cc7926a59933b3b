#include "preload/prefix_code.h"

#include "base/memory.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define MAX 15

typedef struct symbol {
    uint32_t weight;
    uint32_t number;
} symbol;

static int by_weight(const void *a, const void *b)
{
    const symbol *x = a, *y = b;

    if (x->weight != y->weight)
        return x->weight < y->weight ? -1 : 1;
    return x->number < y->number ? -1 : 1;
}

/*
 * Package-merge (Larmore and Hirschberg, 1990). A list holds the symbols and, for all but the first, the packages of
 * two neighbours of the list before, in order of weight. is_symbol tells which is which; the weights are those of the
 * list made last.
 */
typedef struct lists {
    const symbol *symbols;
    size_t count; /* of symbols */
    uint64_t *weights, *packages;
    bool *is_symbol[MAX];
    size_t length[MAX];
} lists;

static void make_list(lists *l, unsigned level)
{
    size_t packages = level == 0 ? 0 : l->length[level - 1] / 2, lone = 0, package = 0, at = 0;

    for (size_t i = 0; i < packages; i++)
        l->packages[i] = l->weights[2 * i] + l->weights[2 * i + 1];
    while (lone < l->count || package < packages) {
        bool takes_symbol = package == packages || (lone < l->count && l->symbols[lone].weight <= l->packages[package]);
        l->is_symbol[level][at] = takes_symbol;
        l->weights[at++] = takes_symbol ? l->symbols[lone++].weight : l->packages[package++];
    }
    l->length[level] = at;
}

/* The 2n-2 lightest of the last list, unpacked, hold each symbol as often as its code has bits. */
static void count_lengths(const lists *l, unsigned max, uint8_t *lengths)
{
    size_t wanted = 2 * l->count - 2;

    for (unsigned level = max; level-- > 0;) {
        size_t symbols = 0;
        for (size_t i = 0; i < wanted; i++)
            symbols += l->is_symbol[level][i];
        for (size_t i = 0; i < symbols; i++)
            lengths[l->symbols[i].number]++;
        wanted = 2 * (wanted - symbols);
    }
}

static void package_merge(const symbol *symbols, size_t count, unsigned max, uint8_t *lengths)
{
    lists l = {.symbols = symbols, .count = count};

    l.weights = base_allocate(2 * count * sizeof *l.weights);
    l.packages = base_allocate(count * sizeof *l.packages);
    for (unsigned level = 0; level < max; level++) {
        l.is_symbol[level] = base_allocate(2 * count * sizeof(bool));
        make_list(&l, level);
    }
    count_lengths(&l, max, lengths);
    for (unsigned level = 0; level < max; level++)
        free(l.is_symbol[level]);
    free(l.packages);
    free(l.weights);
}

void preload_code_lengths(const uint32_t *weights, size_t count, unsigned max, uint8_t *lengths)
{
    symbol *symbols = base_allocate(count * sizeof *symbols);
    size_t used = 0;

    for (size_t i = 0; i < count; i++) {
        if (weights[i] > 0)
            symbols[used++] = (symbol){weights[i], (uint32_t)i};
    }
    qsort(symbols, used, sizeof *symbols, by_weight);
    memset(lengths, 0, count);
    if (used == 1)
        lengths[symbols[0].number] = 1;
    else if (used > 1)
        package_merge(symbols, used, max, lengths);
    free(symbols);
}

void preload_codes(const uint8_t *lengths, size_t count, uint16_t *codes)
{
    unsigned code = 0;

    for (unsigned length = 1; length <= MAX; length++, code <<= 1) {
        for (size_t i = 0; i < count; i++) {
            if (lengths[i] == length)
                codes[i] = (uint16_t)code++;
        }
    }
}
