/*
 * Lists of names to try preload images with: read from a file or made up, a plain hash table that gives the right
 * answers, and hosts that are almost on a list. Everything is a function of its seeds.
 */
#ifndef TESTS_LIB_PRELOAD_NAMES_H
#define TESTS_LIB_PRELOAD_NAMES_H

#include "base/memory.h"
#include "holdfast/preload.h"

typedef struct name_list {
    hf_preload_entry *entries; /* no name twice; in no order */
    size_t count;
    base_arena arena;
} name_list;

/* Lines of a name, a tab, and 0 or 1 for include_subdomains. Ends the program, saying why, if they cannot be read. */
void name_list_load(name_list *list, const char *path);
/* `count` names in the manner of the browsers' lists: many under few top-level domains, families, subdomains, odd ones.
 */
void name_list_make(name_list *list, size_t count, uint64_t seed);
void name_list_done(name_list *list);

/* A number below `limit`. */
size_t name_random(uint64_t *state, size_t limit);

/* The plain hash table: every name as it is, one probe for each superdomain. */
typedef struct name_table {
    const name_list *list;
    uint32_t *slots; /* index of an entry and 1; 0 when empty */
    size_t mask;
} name_table;

void name_table_init(name_table *table, const name_list *list);
void name_table_done(name_table *table);
const hf_preload_entry *name_table_find(const name_table *table, const char *name); /* NULL if it is not listed */
/* As hf_preload.cover should answer. */
bool name_table_cover(const name_table *table, const hf_host *host, hf_preload_match *match);

/*
 * A host made from names of the list by substituting, inserting or deleting an octet, cutting, putting labels in front,
 * or splicing two; sometimes a name as it is. Always canonical.
 */
void name_mutate(const name_list *list, uint64_t *random, hf_host *host);

/* A canonical name as a host. */
void name_host(const char *name, hf_host *host);

#endif
