/*
 * probe/heap.h: what is due when, the earliest first.
 */
#ifndef PROBE_HEAP_H
#define PROBE_HEAP_H

#include <stddef.h>
#include <stdint.h>

typedef struct probe_due {
    int64_t at;
    void *what;
} probe_due;

/* All zero is empty. */
typedef struct probe_heap {
    probe_due *items;
    size_t count, capacity;
} probe_heap;

void probe_heap_done(probe_heap *heap);
void probe_heap_add(probe_heap *heap, int64_t at, void *what);
/* What is due at `now` at the latest, and it is taken out; NULL: nothing is. */
void *probe_heap_take(probe_heap *heap, int64_t now);
/* When the earliest is due; -1: never. */
int64_t probe_heap_next(const probe_heap *heap);

#endif
