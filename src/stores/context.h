/*
 * stores/context.h: what codecs do not know by themselves: names in Unicode, registrable domains, and the names of
 * Chromium's hashes.
 */
#ifndef STORES_CONTEXT_H
#define STORES_CONTEXT_H

#include "preload/lists.h"
#include "stores/names.h"

typedef struct stores_context_options {
    uint32_t lock_wait; /* as in stores_store */
    const char *names;  /* a file of names to try on hashes; NULL: none */
    bool hashed;        /* a store keeps hashes: the names of our own store and of the preload lists are tried too */
    const preload_lists_options *lists;
    int64_t now;
} stores_context_options;

typedef struct stores_context {
    hf_names *names;
    stores_names file; /* of options.names */
    bool asks_lists;   /* a hash that `names` do not know may be that of a listed name */
    preload_lists lists;
    hf_names *listed; /* the names of the lists; NULL: not needed so far */
    hf_format_options options;
} stores_context;

/* It stays where it is: its options point to it. False, with the reason. */
bool stores_context_init(stores_context *context, const stores_context_options *options, base_error *error);
void stores_context_done(stores_context *context);

void stores_context_add(stores_context *context, const char *name);
/* And all above it. */
void stores_context_add_parents(stores_context *context, const hf_host *host);
/* A stores_reader's `row`, with the context as `self`: adds the names of a store. */
bool stores_context_add_row(void *context, const hf_row *row);

#endif
