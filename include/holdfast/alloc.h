/*
 * holdfast/alloc.h: the allocator a caller may pass in.
 *
 * Header parsing, host canonicalisation, URL upgrade, look-ups and decisions allocate nothing. Only hf_hosts does, and
 * hf_preload_open once, and only through an hf_alloc. The engine copies the struct, so it need not outlive the call;
 * `self` must outlive the object. Thread rule: the functions are called by the thread that uses the object.
 */
#ifndef HOLDFAST_ALLOC_H
#define HOLDFAST_ALLOC_H

#include "holdfast/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct hf_alloc {
    /* `size` octets aligned for any type, or NULL when there are none left. `size` is never 0. */
    void *(*allocate)(void *self, size_t size);
    /* Gives back what `allocate` returned; `size` is the size that was asked for, `block` is never NULL. */
    void (*release)(void *self, void *block, size_t size);
    void *self;
} hf_alloc;

#ifdef __cplusplus
}
#endif
#endif
