/*
 * probe/probe.h: touching hosts: what the wire shows becomes facts.
 */
#ifndef PROBE_PROBE_H
#define PROBE_PROBE_H

#include "facts/host.h"
#include "net/fetch.h"

typedef struct probe_options {
    const net_client *client;
    int64_t at;         /* the moment at which certificates are to be valid */
    size_t concurrency; /* hosts at once; 0 is taken as 1 */
    /* Called from the loop as each host is done, in the order in which they are; may be NULL. */
    void (*done)(void *self, facts_host *facts);
    void *self;
} probe_options;

/* Fills in the facts of `count` hosts, which have been initialised, and runs the loop until the last one is done. */
void probe_hosts(const probe_options *options, facts_host *hosts, size_t count);

#endif
