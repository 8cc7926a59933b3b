/*
 * batch/heap.h: what is due when, the earliest first.
 */
#ifndef BATCH_HEAP_H
#define BATCH_HEAP_H

#include <stddef.h>
#include <stdint.h>

typedef struct batch_due {
    int64_t at;
    void *what;
} batch_due;

/* All zero is empty. */
typedef struct batch_heap {
    batch_due *items;
    size_t count, capacity;
} batch_heap;

void batch_heap_done(batch_heap *heap);
void batch_heap_add(batch_heap *heap, int64_t at, void *what);
/* What is due at `now` at the latest, and it is taken out; NULL: nothing is. */
void *batch_heap_take(batch_heap *heap, int64_t now);
/* When the earliest is due; -1: never. */
int64_t batch_heap_next(const batch_heap *heap);

#endif
