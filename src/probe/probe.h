/*
 * probe/probe.h: touching many sites: what the wire shows becomes facts.
 */
#ifndef PROBE_PROBE_H
#define PROBE_PROBE_H

#include "facts/site.h"
#include "http/fetch.h"

typedef struct probe_options {
    const http_client *client;
    int64_t now;        /* the moment at which certificates are to be valid */
    size_t concurrency; /* sites at once; 0 is taken as 1 */
    /* Called from the loop as each site is done, in the order in which they are; may be NULL. */
    void (*done)(void *self, facts_site *site);
    void *self;
} probe_options;

/* Fills in the facts of `count` sites, which have been initialised, and runs the loop until the last one is done. */
void probe_sites(const probe_options *options, facts_site *sites, size_t count);

#endif
