/*
 * preload/compile.h: makes a preload image of a list; docs/formats/preload-image.md describes what comes out.
 */
#ifndef PRELOAD_COMPILE_H
#define PRELOAD_COMPILE_H

#include "base/buffer.h"
#include "holdfast/preload.h"

typedef struct preload_list {
    const hf_preload_entry *entries; /* canonical names in any order */
    size_t count;
    const char *source; /* for people, at most 255 octets of printable text: "Chromium 2026-06-01" */
    int64_t list_time;  /* as in hf_preload */
    int64_t life;
} preload_list;

/*
 * Appends the image of `list` to `image`, which must be empty. The same list gives the same octets, whatever the order
 * of its entries. Before it is given out, the image is opened and asked for every name. False, with the reason, if a
 * name is not canonical or there twice, or if the list is too large for the format.
 */
bool preload_compile(const preload_list *list, base_buffer *image, base_error *error);

#endif
