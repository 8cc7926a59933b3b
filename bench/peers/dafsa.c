/*
 * The minimal automaton of the words: nodes that hold a character and are followed by the same are one node. Then nodes
 * that follow each other alone become one with a longer label, and all are written from the last to the first, so that
 * a node knows how far away its successors are. Chromium's make_dafsa.py has the format.
 */
#include "dafsa.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHILDREN_MAX = 256, END = 0 }; /* node 0: the end of a word */

typedef struct node {
    uint32_t first, count;      /* of its children, in `children` */
    uint32_t parents, incoming; /* nodes and starts that lead to it; the same, as the order is found */
    uint32_t offset;            /* where it is in the output */
    uint8_t label;
} node;

typedef struct list {
    uint32_t *items;
    size_t count, capacity;
} list;

typedef struct automaton {
    const dafsa_word *words;
    node *nodes;
    size_t count, capacity;
    list children, order, waiting;
    uint32_t *table; /* nodes by what they are, open addressing; 0: free */
    size_t size;
    uint32_t starts[CHILDREN_MAX];
    size_t start_count;
    uint8_t *out;
    size_t length, room;
    bool failed;
} automaton;

/* Room for `wanted` things. False, and nothing has changed, without memory. */
static bool reserve(automaton *a, void **block, size_t *capacity, size_t wanted, size_t size)
{
    size_t larger = *capacity * 2 > wanted ? *capacity * 2 : wanted + 1024;
    void *moved;

    if (wanted <= *capacity)
        return true;
    moved = realloc(*block, larger * size);
    a->failed = a->failed || moved == NULL;
    if (moved == NULL)
        return false;
    *block = moved;
    *capacity = larger;
    return true;
}

static void push(automaton *a, list *l, uint32_t item)
{
    if (reserve(a, (void **)&l->items, &l->capacity, l->count + 1, sizeof *l->items))
        l->items[l->count++] = item;
}

static void put(automaton *a, uint8_t octet)
{
    if (reserve(a, (void **)&a->out, &a->room, a->length + 1, 1))
        a->out[a->length++] = octet;
}

/* -- The minimal automaton ----------------------------------------------------------------------------------------- */

static size_t hash_of(uint8_t label, const uint32_t *children, size_t count)
{
    uint64_t h = label + UINT64_C(0x9e3779b97f4a7c15);

    for (size_t i = 0; i < count; i++)
        h = (h ^ children[i]) * UINT64_C(0x100000001b3) + (h >> 29);
    return (size_t)(h ^ h >> 32);
}

static bool is_node(const automaton *a, uint32_t id, uint8_t label, const uint32_t *children, size_t count)
{
    const node *n = &a->nodes[id];

    return n->label == label && n->count == count &&
           memcmp(a->children.items + n->first, children, count * sizeof *children) == 0;
}

static bool grow_table(automaton *a)
{
    size_t size = a->size > 0 ? a->size * 2 : 65536;
    uint32_t *table = calloc(size, sizeof *table);

    a->failed = a->failed || table == NULL;
    if (table == NULL)
        return false;
    for (uint32_t id = 1; id < a->count; id++) {
        const node *n = &a->nodes[id];
        size_t i = hash_of(n->label, a->children.items + n->first, n->count) & (size - 1);
        while (table[i] != 0)
            i = (i + 1) & (size - 1);
        table[i] = id;
    }
    free(a->table);
    a->table = table;
    a->size = size;
    return true;
}

/* The node that is this; 0 without memory. */
static uint32_t intern(automaton *a, uint8_t label, const uint32_t *children, size_t count)
{
    if (a->count * 2 >= a->size && !grow_table(a))
        return 0;
    size_t i = hash_of(label, children, count) & (a->size - 1);
    for (; a->table[i] != 0; i = (i + 1) & (a->size - 1))
        if (is_node(a, a->table[i], label, children, count))
            return a->table[i];
    if (!reserve(a, (void **)&a->nodes, &a->capacity, a->count + 1, sizeof *a->nodes))
        return 0;
    a->nodes[a->count] = (node){.first = (uint32_t)a->children.count, .count = (uint32_t)count, .label = label};
    for (size_t k = 0; k < count; k++) {
        push(a, &a->children, children[k]);
        a->nodes[children[k]].parents++;
    }
    a->table[i] = (uint32_t)a->count;
    return (uint32_t)a->count++;
}

/* The nodes that begin what is left of the words from..to behind `depth` octets, which all have the same. */
static size_t build(automaton *a, size_t from, size_t to, size_t depth, uint32_t *found)
{
    static const uint32_t end[] = {END};
    size_t count = 0;

    while (from < to && !a->failed) {
        uint8_t label = (uint8_t)a->words[from].name[depth];
        size_t next = from + 1;
        if (label == '\0') {
            found[count++] = intern(a, a->words[from].value, end, 1);
        } else {
            uint32_t children[CHILDREN_MAX];
            while (next < to && (uint8_t)a->words[next].name[depth] == label)
                next++;
            size_t child_count = build(a, from, next, depth + 1, children);
            found[count++] = intern(a, label, children, child_count);
        }
        from = next;
    }
    return count;
}

/* -- Labels and order ---------------------------------------------------------------------------------------------- */

static uint32_t child_of(const automaton *a, uint32_t id, size_t i)
{
    return a->children.items[a->nodes[id].first + i];
}

/* The node that its only child, to which nothing else leads, is one with; else 0. */
static uint32_t joined(const automaton *a, uint32_t id)
{
    uint32_t child = a->nodes[id].count == 1 ? child_of(a, id, 0) : END;

    return child != END && a->nodes[child].parents == 1 ? child : 0;
}

static uint32_t last_of(const automaton *a, uint32_t id)
{
    for (uint32_t next; (next = joined(a, id)) != 0;)
        id = next;
    return id;
}

static void release(automaton *a, uint32_t id)
{
    if (id != END && --a->nodes[id].incoming == 0)
        push(a, &a->waiting, id);
}

/* Each node before those that it leads to. */
static void find_order(automaton *a)
{
    for (size_t i = 0; i < a->count; i++)
        a->nodes[i].incoming = a->nodes[i].parents;
    for (size_t i = 0; i < a->start_count; i++)
        release(a, a->starts[i]);
    while (a->waiting.count > 0 && !a->failed) {
        uint32_t id = a->waiting.items[--a->waiting.count], last = last_of(a, id);
        push(a, &a->order, id);
        for (size_t i = 0; i < a->nodes[last].count; i++)
            release(a, child_of(a, last, i));
    }
}

/* -- Octets, from the last to the first ---------------------------------------------------------------------------- */

/* Distances of 6, 13 or 21 bits. Returns how many octets they take, so that `space` is to be that. */
static size_t encode_links(const automaton *a, const uint32_t *to, size_t count, size_t space, uint8_t *out)
{
    size_t length = 0, offset = a->length + space, last = 0;

    for (size_t i = 0; i < count; i++) {
        size_t distance = offset - a->nodes[to[i]].offset;
        last = length;
        if (distance < 1 << 6) {
            out[length++] = (uint8_t)distance;
        } else if (distance < 1 << 13) {
            out[length++] = (uint8_t)(0x40 | distance >> 8);
            out[length++] = (uint8_t)distance;
        } else {
            out[length++] = (uint8_t)(0x60 | distance >> 16);
            out[length++] = (uint8_t)(distance >> 8);
            out[length++] = (uint8_t)distance;
        }
        offset -= distance;
    }
    out[last] |= 0x80;
    return length;
}

static void put_links(automaton *a, const uint32_t *children, size_t count)
{
    uint8_t out[3 * CHILDREN_MAX];
    uint32_t to[CHILDREN_MAX];
    size_t space = 3 * count, length;

    if (children[0] == END)
        return;
    for (size_t i = 0; i < count; i++) { /* the nearest first */
        size_t k = i;
        for (; k > 0 && a->nodes[to[k - 1]].offset < a->nodes[children[i]].offset; k--)
            to[k] = to[k - 1];
        to[k] = children[i];
    }
    while ((length = encode_links(a, to, count, space, out)) != space)
        space = length;
    while (length > 0)
        put(a, out[--length]);
}

static void put_label(automaton *a, uint32_t id, uint8_t mark)
{
    uint32_t next = joined(a, id);

    if (next != 0)
        put_label(a, next, mark);
    put(a, a->nodes[id].label | (next == 0 ? mark : 0));
}

static void put_node(automaton *a, uint32_t id)
{
    uint32_t last = last_of(a, id), child = child_of(a, last, 0);
    bool follows = a->nodes[last].count == 1 && child != END && a->nodes[child].offset == a->length;

    if (!follows)
        put_links(a, a->children.items + a->nodes[last].first, a->nodes[last].count);
    put_label(a, id, follows ? 0 : 0x80);
    a->nodes[id].offset = (uint32_t)a->length;
}

static bool write_out(const automaton *a, const char *path)
{
    FILE *file = fopen(path, "wb");

    if (file == NULL)
        return false;
    fputs(".DAFSA@PSL_0   \n", file);
    for (size_t i = a->length; i > 0; i--)
        putc(a->out[i - 1], file);
    bool is_written = ferror(file) == 0;
    return fclose(file) == 0 && is_written;
}

bool dafsa_write(const dafsa_word *words, size_t count, const char *path)
{
    automaton a = {.words = words, .count = 1};

    if (reserve(&a, (void **)&a.nodes, &a.capacity, 1, sizeof *a.nodes))
        a.nodes[END] = (node){.parents = 2};
    a.start_count = build(&a, 0, count, 0, a.starts);
    for (size_t i = 0; i < a.start_count && !a.failed; i++)
        a.nodes[a.starts[i]].parents++;
    if (!a.failed)
        find_order(&a);
    for (size_t i = a.order.count; i > 0 && !a.failed; i--)
        put_node(&a, a.order.items[i - 1]);
    if (!a.failed && a.start_count > 0)
        put_links(&a, a.starts, a.start_count);
    bool done = !a.failed && write_out(&a, path);
    free(a.nodes);
    free(a.children.items);
    free(a.order.items);
    free(a.waiting.items);
    free(a.table);
    free(a.out);
    return done;
}
