#include "probe/heap.h"

#include "base/memory.h"

#include <stdlib.h>

#define FIRST_CAPACITY 64

void probe_heap_done(probe_heap *heap)
{
    free(heap->items);
    *heap = (probe_heap){0};
}

static void grow(probe_heap *heap)
{
    size_t capacity = heap->capacity > 0 ? heap->capacity * 2 : FIRST_CAPACITY;
    probe_due *items = realloc(heap->items, capacity * sizeof *items);

    if (items == NULL)
        base_out_of_memory();
    heap->items = items;
    heap->capacity = capacity;
}

void probe_heap_add(probe_heap *heap, int64_t at, void *what)
{
    size_t i;

    if (heap->count == heap->capacity)
        grow(heap);
    for (i = heap->count++; i > 0 && heap->items[(i - 1) / 2].at > at; i = (i - 1) / 2)
        heap->items[i] = heap->items[(i - 1) / 2];
    heap->items[i] = (probe_due){at, what};
}

void *probe_heap_take(probe_heap *heap, int64_t now)
{
    void *what = heap->count > 0 && heap->items[0].at <= now ? heap->items[0].what : NULL;
    probe_due last;
    size_t i = 0;

    if (what == NULL)
        return NULL;
    last = heap->items[--heap->count];
    for (;;) {
        size_t child = 2 * i + 1;

        if (child + 1 < heap->count && heap->items[child + 1].at < heap->items[child].at)
            child++;
        if (child >= heap->count || heap->items[child].at >= last.at)
            break;
        heap->items[i] = heap->items[child];
        i = child;
    }
    heap->items[i] = last;
    return what;
}

int64_t probe_heap_next(const probe_heap *heap)
{
    return heap->count > 0 ? heap->items[0].at : -1;
}
