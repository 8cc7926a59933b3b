/*
 * base/listing.h: the names in a folder.
 */
#ifndef BASE_LISTING_H
#define BASE_LISTING_H

#include "base/folder.h"
#include "base/memory.h"

#include <stddef.h>

typedef struct base_listing {
    base_arena arena;
    const char **names; /* in the order of their bytes, without "." and ".." */
    size_t count, capacity;
    bool cut; /* there are more */
} base_listing;

/*
 * The first `max` names that the folder at `path` gives, which counts from `folder` (NULL: an ordinary path). False
 * with errno; then there is nothing to be done with.
 */
bool base_listing_read(base_listing *listing, const base_folder *folder, const char *path, size_t max);
void base_listing_done(base_listing *listing);

#endif
