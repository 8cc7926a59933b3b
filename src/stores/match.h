/*
 * stores/match.h: the paths below a folder that fit a pattern.
 */
#ifndef STORES_MATCH_H
#define STORES_MATCH_H

#include "base/folder.h"

typedef struct stores_matcher {
    /* A path that fits; what it leads to need not be there. Counts from the folder. */
    void (*found)(void *self, const char *path);
    /* A folder on the way that is there and cannot be read; `reason` as errno has it, or 0: it holds too many names. */
    void (*passed)(void *self, const char *path, int reason);
    void *self;
} stores_matcher;

/* Of each component of `pattern` that has a `*`, all names in its folder that fit, in the order of their bytes. */
void stores_match(const base_folder *folder, const char *pattern, const stores_matcher *matcher);

#endif
