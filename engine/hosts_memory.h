/*
 * The table's allocator, with a count of what it holds, so that hf_hosts_memory tells the exact truth.
 */
#ifndef HF_ENGINE_HOSTS_MEMORY_H
#define HF_ENGINE_HOSTS_MEMORY_H

#include "holdfast/alloc.h"

typedef struct hf__memory {
    hf_alloc alloc;
    size_t held; /* octets asked for and not given back */
} hf__memory;

static inline void *hf__allocate(hf__memory *memory, size_t size)
{
    void *block = memory->alloc.allocate(memory->alloc.self, size);
    if (block != NULL)
        memory->held += size;
    return block;
}

static inline void hf__release(hf__memory *memory, void *block, size_t size)
{
    if (block == NULL)
        return;
    memory->held -= size;
    memory->alloc.release(memory->alloc.self, block, size);
}

#endif
