/*
 * stores/find.h: the stores that are there.
 */
#ifndef STORES_FIND_H
#define STORES_FIND_H

#include "base/memory.h"

typedef struct stores_found {
    const char *program;
    const char *kind;
    const char *path;
} stores_found;

typedef struct stores_list {
    base_arena arena;
    stores_found *items;
    size_t count, capacity;
} stores_list;

/*
 * The stores of this user; or with `root` (not NULL) those below that folder, which may be somebody's home or the
 * root of a file system with homes in it, of Linux, macOS or Windows. Each once, in the order of the table of places.
 */
void stores_find(const char *root, stores_list *list);
void stores_list_done(stores_list *list);

#endif
