#include "preload/endings.h"

#include "base/memory.h"
#include "preload/prefix_code.h"

#include <stdlib.h>
#include <string.h>

#define NAMES_MIN 20 /* below a parent, for it to be worth its place */
#define OCTETS_MAX 0xffff
#define DEPTH_MAX 15

/* -- Order --------------------------------------------------------------------------------------------------------- */

/* Where the label begins that ends before `end`. */
static const char *label_start(const char *name, const char *end)
{
    while (end > name && end[-1] != '.')
        end--;
    return end;
}

/* By labels from the right: so a parent comes right before all that is below it. */
static int compare_names(const char *a, const char *b)
{
    const char *a_end = a + strlen(a), *b_end = b + strlen(b);

    for (;;) {
        const char *a_label = label_start(a, a_end), *b_label = label_start(b, b_end);
        size_t a_length = (size_t)(a_end - a_label), b_length = (size_t)(b_end - b_label);
        int order = memcmp(a_label, b_label, a_length < b_length ? a_length : b_length);
        if (order != 0 || a_length != b_length)
            return order != 0 ? order : a_length < b_length ? -1 : 1;
        if (a_label == a || b_label == b)
            return (b_label == b) - (a_label == a);
        a_end = a_label - 1;
        b_end = b_label - 1;
    }
}

static int by_labels(const void *a, const void *b)
{
    return compare_names((*(const hf_preload_entry *const *)a)->name, (*(const hf_preload_entry *const *)b)->name);
}

/* -- Choice -------------------------------------------------------------------------------------------------------- */

typedef struct chooser {
    preload_endings *endings;
    const hf_preload_entry *entries;
    const hf_preload_entry **sorted;
    size_t names_min;
    size_t octets; /* that the endings take in the image */
    size_t capacity;
} chooser;

/* The part of `name` with `labels` labels, or NULL if it has fewer. */
static const char *tail_of(const char *name, unsigned labels)
{
    const char *start = name + strlen(name) + 1;

    for (; labels > 0; labels--) {
        if (start <= name)
            return NULL;
        start = label_start(name, start - 1);
    }
    return start;
}

static preload_ending *add(chooser *c, const char *name, unsigned depth)
{
    preload_endings *endings = c->endings;

    if (endings->count == c->capacity) {
        c->capacity = c->capacity > 0 ? 2 * c->capacity : 256;
        endings->items = realloc(endings->items, c->capacity * sizeof *endings->items);
        if (endings->items == NULL)
            base_out_of_memory();
    }
    c->octets += 2 + strcspn(name, ".");
    endings->items[endings->count] = (preload_ending){.name = name, .depth = (uint8_t)depth};
    return &endings->items[endings->count++];
}

static void use_ending(chooser *c, size_t first, size_t last, uint32_t number)
{
    for (size_t i = first; i < last; i++)
        c->endings->of_entry[c->sorted[i] - c->entries] = number;
}

/*
 * The sorted entries from `first` to before `last` share `depth` labels. Makes endings of all the parts with one label
 * more that deserve it, and so on with their labels; the recursion goes no deeper than DEPTH_MAX.
 */
static void choose(chooser *c, size_t first, size_t last, unsigned depth)
{
    for (size_t end; first < last; first = end) {
        const char *name = tail_of(c->sorted[first]->name, depth + 1);
        for (end = first + 1; end < last; end++) {
            const char *other = tail_of(c->sorted[end]->name, depth + 1);
            if (strcmp(name, other) != 0)
                break;
        }
        bool is_itself = name == c->sorted[first]->name;
        if (depth > 0 && end - first - is_itself < c->names_min)
            continue;
        uint32_t number = (uint32_t)c->endings->count;
        preload_ending *ending = add(c, name, depth);
        ending->is_listed = is_itself;
        ending->include_subdomains = is_itself && c->sorted[first]->include_subdomains;
        use_ending(c, first, end, number);
        if (depth < DEPTH_MAX)
            choose(c, first + is_itself, end, depth + 1);
    }
}

/* Frequent endings get short codes. */
static void give_codes(preload_endings *endings)
{
    uint32_t *weights = base_allocate(endings->count * sizeof *weights);
    uint8_t *lengths = base_allocate(endings->count);
    uint16_t *codes = base_allocate(endings->count * sizeof *codes);

    for (size_t i = 0; i < endings->count; i++)
        weights[i] = endings->items[i].below;
    preload_code_lengths(weights, endings->count, PRELOAD_ENDING_BITS_MAX, lengths);
    preload_codes(lengths, endings->count, codes);
    for (size_t i = 0; i < endings->count; i++) {
        endings->items[i].code_bits = lengths[i];
        endings->items[i].code = codes[i];
    }
    free(codes);
    free(lengths);
    free(weights);
}

void preload_endings_choose(preload_endings *endings, const hf_preload_entry *entries, size_t count)
{
    *endings = (preload_endings){.of_entry = base_allocate(count * sizeof *endings->of_entry)};
    chooser c = {.endings = endings, .entries = entries, .names_min = NAMES_MIN};
    c.sorted = base_allocate(count * sizeof(const hf_preload_entry *));
    for (size_t i = 0; i < count; i++)
        c.sorted[i] = &entries[i];
    qsort(c.sorted, count, sizeof *c.sorted, by_labels);
    /* A long list may have more such parents than there is room for. */
    do {
        endings->count = c.octets = 0;
        choose(&c, 0, count, 0);
        c.names_min *= 2;
    } while (c.octets > OCTETS_MAX && c.names_min <= count);
    for (size_t i = 0; i < count; i++) {
        preload_ending *ending = &endings->items[endings->of_entry[i]];
        ending->below += ending->name != entries[i].name;
    }
    give_codes(endings);
    free(c.sorted);
}

void preload_endings_done(preload_endings *endings)
{
    free(endings->items);
    free(endings->of_entry);
    *endings = (preload_endings){0};
}
