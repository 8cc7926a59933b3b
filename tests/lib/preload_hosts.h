/*
 * Hosts to ask a preload list about, in the proportions of the benchmark: docs in bench/preload.c.
 */
#ifndef TESTS_LIB_PRELOAD_HOSTS_H
#define TESTS_LIB_PRELOAD_HOSTS_H

#include "lib/preload_names.h"

typedef enum host_set_kind {
    HOSTS_LISTED,        /* a listed name */
    HOSTS_SUBDOMAIN,     /* www. in front of one */
    HOSTS_DEEP,          /* a1.edge.eu-west-1. in front of one */
    HOSTS_UNLISTED,      /* two to four labels that look like those of the list */
    HOSTS_DEEP_UNLISTED, /* a1.edge.eu-west-1. in front of such a one */
    HOSTS_MIXED,         /* a day's visits: Zipf's law over 60,000 hosts, of which about one in seven is covered */
    HOSTS_KINDS
} host_set_kind;

typedef struct host_set {
    const char **names;
    size_t count;
    base_arena arena;
} host_set;

void host_set_make(host_set *set, host_set_kind kind, const name_table *table, size_t count);
void host_set_done(host_set *set);

#endif
