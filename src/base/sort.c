#include "base/sort.h"

#include <stdlib.h>
#include <string.h>

typedef struct heap {
    char *items;
    size_t size;
    int (*compare)(const void *, const void *);
} heap;

static char *item_at(const heap *h, size_t at)
{
    return h->items + at * h->size;
}

/* Puts `moved` where it belongs, from the free place `at` down. */
static void sift(const heap *h, const char *moved, size_t at, size_t count)
{
    size_t heir;

    while ((heir = 2 * at + 1) < count) {
        if (heir + 1 < count && h->compare(item_at(h, heir + 1), item_at(h, heir)) > 0)
            heir++;
        if (h->compare(item_at(h, heir), moved) <= 0)
            break;
        memcpy(item_at(h, at), item_at(h, heir), h->size);
        at = heir;
    }
    memcpy(item_at(h, at), moved, h->size);
}

void base_sort(void *items, size_t count, size_t size, int (*compare)(const void *, const void *))
{
    heap h = {items, size, compare};

    /* So that the function of the caller may look at it as at what it is. */
    _Alignas(max_align_t) char moved[BASE_SORT_ITEM_MAX];

    if (size > BASE_SORT_ITEM_MAX)
        abort();
    for (size_t at = count / 2; at > 0; at--) {
        memcpy(moved, item_at(&h, at - 1), size);
        sift(&h, moved, at - 1, count);
    }
    while (count > 1) {
        memcpy(moved, item_at(&h, --count), size);
        memcpy(item_at(&h, count), item_at(&h, 0), size);
        sift(&h, moved, 0, count);
    }
}
