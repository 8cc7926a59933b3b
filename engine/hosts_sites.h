/*
 * How many entries each site has, for eviction. A site is the last two labels of a name, or its only one: the engine
 * has no list of public suffixes, so all of co.uk is one site. It is named by the hash of these labels; two sites that
 * meet in 32 bits count as one.
 */
#ifndef HF_ENGINE_HOSTS_SITES_H
#define HF_ENGINE_HOSTS_SITES_H

#include "hosts_memory.h"

typedef struct hf__site {
    uint32_t name;  /* 0: an empty slot */
    uint32_t count; /* entries */
} hf__site;

typedef struct hf__sites {
    hf__site *slots;
    size_t size; /* a power of two */
} hf__sites;

/* Room for `count` sites. False without memory. */
bool hf__sites_init(hf__sites *sites, hf__memory *memory, size_t count);
void hf__sites_done(hf__sites *sites, hf__memory *memory);

/* The site of that name, with a count of 0 if it was not there. */
hf__site *hf__sites_get(hf__sites *sites, uint32_t name);

/*
 * If always the site with the most entries gives one up, until `wanted` are given: what each site is left with at most.
 * *largest is the count of the largest site.
 */
uint32_t hf__sites_level(const hf__sites *sites, size_t wanted, uint32_t *largest);

/* How many entries go when each site keeps at most `level`. */
size_t hf__sites_above(const hf__sites *sites, uint32_t level);

#endif
