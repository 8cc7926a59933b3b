/*
 * stores/collect.h: what is found while homes are looked into, and what is passed over. For find.c and settings.c.
 */
#ifndef STORES_COLLECT_H
#define STORES_COLLECT_H

#include "base/file.h"
#include "stores/find.h"

typedef struct stores_finder {
    const char *root; /* the path that was given; NULL: this user's own home */
    stores_home *home;
    stores_list *list;
} stores_finder;

/* Where a store may be: a path that counts from the folder. */
typedef struct stores_spot {
    stores_finder *f;
    const base_folder *folder;
    const char *program, *kind;
} stores_spot;

/* Room for one more item, in the list's arena. */
void stores_list_grow(stores_list *list, void *items, size_t size, size_t count, size_t *capacity);

/* Once, however often it is met. */
void stores_pass_over(stores_finder *f, const char *text);

/* A path that cannot be gone, `reason` being errno; what is not there is not passed over. */
void stores_pass_path(stores_finder *f, const base_folder *folder, const char *path, int reason);

/* A stores_matcher's `passed`, with a stores_spot as `self`. */
void stores_pass_match(void *self, const char *path, int reason);

/* A file that could not be taken: what the system refused is said of the path, what the rules did of the file. */
void stores_pass_file(stores_finder *f, const base_folder *folder, const char *path, int reason, base_error *error);

/* What may be read there: in a home of another user no file of a third. */
base_file_rules stores_rules_in(const base_folder *folder, uint64_t size_max);

/* Takes the file at `path`, which counts from the folder of the stores_spot `self`, if it is there and a store may be.
 */
void stores_found_add(void *self, const char *path);

#endif
