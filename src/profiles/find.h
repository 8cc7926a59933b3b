/*
 * profiles/find.h: the stores that are there.
 */
#ifndef PROFILES_FIND_H
#define PROFILES_FIND_H

#include "base/memory.h"

typedef struct profile_found {
    const char *program;
    const char *kind;
    const char *path;
} profile_found;

typedef struct profile_list {
    base_arena arena;
    profile_found *items;
    size_t count, capacity;
} profile_list;

/*
 * The stores of this user; or with `root` (not NULL) those below that folder, which may be somebody's home or the root of a file
 * system with homes in it, of Linux, macOS or Windows. Each once, in the order of the table of places.
 */
void profile_find(const char *root, profile_list *list);
void profile_list_done(profile_list *list);

#endif
