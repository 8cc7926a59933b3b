#include "stores/diff.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

typedef struct side {
    hf_row *items; /* their texts copied */
    size_t count, capacity;
    uint64_t damaged;
    base_arena arena;
} side;

struct stores_diff {
    side sides[2];
};

static hf_span copy(side *s, hf_span text)
{
    return text.length > 0 ? (hf_span){base_arena_copy(&s->arena, text.data, text.length), text.length} : (hf_span){0};
}

static bool take(void *self, const hf_row *row)
{
    side *s = self;

    if (s->count == s->capacity) {
        s->capacity += s->capacity / 2 + 64;
        s->items = realloc(s->items, s->capacity * sizeof *s->items);
        if (s->items == NULL)
            base_out_of_memory();
    }
    hf_row *kept = &s->items[s->count++];
    *kept = *row;
    kept->host = copy(s, row->host.length > 0 ? row->host : row->host_hash);
    kept->partition = copy(s, row->partition);
    kept->host_hash = kept->raw = (hf_span){0};
    return true;
}

static void count_damage(void *self, const hf_row_damage *damage)
{
    side *s = self;

    (void)damage;
    s->damaged++;
}

static int compare_spans(hf_span a, hf_span b)
{
    size_t length = a.length < b.length ? a.length : b.length;
    int order = length > 0 ? memcmp(a.data, b.data, length) : 0;

    return order != 0 ? order : (a.length > b.length) - (a.length < b.length);
}

/* Partitions and ports tell rows apart only where both stores may have them. */
static int by_host(const void *a, const void *b)
{
    const hf_row *one = a, *other = b;

    return compare_spans(one->host, other->host);
}

static int by_row(const void *a, const void *b)
{
    const hf_row *one = a, *other = b;
    int order = by_host(a, b);

    if (order == 0)
        order = compare_spans(one->partition, other->partition);
    if (order == 0)
        order = (one->port > other->port) - (one->port < other->port);
    return order != 0
               ? order
               : (one->expires.seconds > other->expires.seconds) - (one->expires.seconds < other->expires.seconds);
}

static bool says_same(const hf_row *a, const hf_row *b)
{
    return a->expires.seconds == b->expires.seconds && a->include_subdomains == b->include_subdomains &&
           a->state == b->state;
}

uint64_t stores_diff_walk(const stores_diff *diff, void (*differ)(void *self, const hf_row *a, const hf_row *b),
                          void *self)
{
    const side *a = &diff->sides[0], *b = &diff->sides[1];
    uint64_t same = 0;
    size_t i = 0, j = 0;

    while (i < a->count || j < b->count) {
        int order = i == a->count ? 1 : j == b->count ? -1 : by_host(&a->items[i], &b->items[j]);
        const hf_row *one = order <= 0 ? &a->items[i++] : NULL, *other = order >= 0 ? &b->items[j++] : NULL;

        if (one != NULL && other != NULL && says_same(one, other))
            same++;
        else
            differ(self, one, other);
    }
    return same;
}

static bool read_sides(const stores_store stores[2], stores_context *context, side sides[2], base_error *error)
{
    /* Names of one store resolve the hashes of the other. */
    for (size_t i = 0; i < 2; i++) {
        stores_reader reader = {.options = &context->options, .row = stores_context_add_row, .self = context};
        if (strcmp(stores[1 - i].kind, "chromium") == 0 && strcmp(stores[i].kind, "chromium") != 0 &&
            !stores_store_read(&stores[i], &reader, error))
            return false;
    }
    for (size_t i = 0; i < 2; i++) {
        stores_reader reader = {&context->options, take, count_damage, NULL, &sides[i]};
        if (!stores_store_read(&stores[i], &reader, error))
            return false;
        if (sides[i].count > 1)
            qsort(sides[i].items, sides[i].count, sizeof *sides[i].items, by_row);
    }
    return true;
}

bool stores_diff_open(const stores_store stores[2], stores_context *context, stores_diff **diff, base_error *error)
{
    stores_diff *made = base_allocate(sizeof *made);

    if (read_sides(stores, context, made->sides, error)) {
        *diff = made;
        return true;
    }
    stores_diff_close(made);
    return false;
}

uint64_t stores_diff_damaged(const stores_diff *diff, size_t store)
{
    return diff->sides[store].damaged;
}

void stores_diff_close(stores_diff *diff)
{
    for (size_t i = 0; i < 2; i++) {
        free(diff->sides[i].items);
        base_arena_done(&diff->sides[i].arena);
    }
    free(diff);
}
