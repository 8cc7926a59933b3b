/*
 * stores/own.h: our own store, opened with the rights that its file asks for.
 */
#ifndef STORES_OWN_H
#define STORES_OWN_H

#include "stores/way.h"

typedef struct stores_own_options {
    bool read_only;
    void (*damaged)(void *self, const hf_damage *damage); /* as in hf_store_options */
    void *self;
} stores_own_options;

/* While it is open for writing this process has those rights. It may not be moved. */
typedef struct stores_own {
    hf_store *store;
    stores_way way;
} stores_own;

bool stores_own_open(stores_own *own, const stores_store *store, const stores_own_options *options, base_error *error);
void stores_own_close(stores_own *own);

#endif
