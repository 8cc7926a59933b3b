/*
 * stores/way.h: the way to the file of a store, for one step or several: from which folder its path counts, and with
 * whose rights it is opened.
 */
#ifndef STORES_WAY_H
#define STORES_WAY_H

#include "stores/home.h"
#include "stores/store.h"

typedef struct stores_way {
    const base_folder *folder; /* NULL: `path` is an ordinary one */
    const char *path;
    const stores_home *home; /* NULL: this process's own rights */
    stores_home met;         /* on the way to a path that was named */
    bool is_met;
    base_identity before;
} stores_way;

/*
 * Our own store is only ever handled in another user's home when it was found there: by a path alone it is refused
 * (holdfast/store.h). From here until stores_way_rest this process has the rights that the store's file asks for. What
 * is opened meanwhile can be used afterwards. The way may not be moved. False, with the reason; then there is nothing
 * to be closed.
 */
bool stores_way_open(stores_way *way, const stores_store *store, base_error *error);
void stores_way_rest(stores_way *way);
bool stores_way_go_on(stores_way *way, base_error *error);
void stores_way_close(stores_way *way);

#endif
