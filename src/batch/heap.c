#include "batch/heap.h"

#include "base/memory.h"

#include <stdlib.h>

#define FIRST_CAPACITY 64

void batch_heap_done(batch_heap *heap)
{
    free(heap->items);
    *heap = (batch_heap){0};
}

static void grow(batch_heap *heap)
{
    size_t capacity = heap->capacity > 0 ? heap->capacity * 2 : FIRST_CAPACITY;
    batch_due *items = realloc(heap->items, capacity * sizeof *items);

    if (items == NULL)
        base_out_of_memory();
    heap->items = items;
    heap->capacity = capacity;
}

void batch_heap_add(batch_heap *heap, int64_t at, void *what)
{
    size_t i;

    if (heap->count == heap->capacity)
        grow(heap);
    for (i = heap->count++; i > 0 && heap->items[(i - 1) / 2].at > at; i = (i - 1) / 2)
        heap->items[i] = heap->items[(i - 1) / 2];
    heap->items[i] = (batch_due){at, what};
}

void *batch_heap_take(batch_heap *heap, int64_t now)
{
    void *what = heap->count > 0 && heap->items[0].at <= now ? heap->items[0].what : NULL;
    batch_due last;
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

int64_t batch_heap_next(const batch_heap *heap)
{
    return heap->count > 0 ? heap->items[0].at : -1;
}
