/*
 * stores/find.h: the stores that are there.
 */
#ifndef STORES_FIND_H
#define STORES_FIND_H

#include "base/memory.h"
#include "stores/home.h"
#include "stores/store.h"

typedef struct stores_found {
    const char *program;
    const char *kind;
    const char *path;
    const stores_home *home; /* as in stores_store */
    const char *inner;
    int64_t size;
    dev_t device;
    ino_t inode;
} stores_found;

typedef struct stores_list {
    base_arena arena;
    stores_found *items;
    size_t count, capacity;
    stores_home **homes; /* those in which something was found, open */
    size_t home_count, home_capacity;
    const char **passed; /* what was not looked into, and why: a clause each */
    size_t passed_count, passed_capacity;
} stores_list;

/*
 * The stores of this user; or with `root` (not NULL) those below that folder, which may be somebody's home or the
 * root of a file system with homes in it, of Linux, macOS or Windows. Each once, in the order of the table of places.
 * Homes of other users are never left: links out of them, files of a third user, and what is not a regular file are
 * passed over.
 */
void stores_find(const char *root, stores_list *list);
void stores_list_done(stores_list *list);

/* The store, to be read or written; it lives as long as the list. */
stores_store stores_found_store(const stores_found *found);

#endif
