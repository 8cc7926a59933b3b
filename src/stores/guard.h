/*
 * stores/guard.h: may this store be written to now?
 */
#ifndef STORES_GUARD_H
#define STORES_GUARD_H

#include "stores/store.h"

/*
 * False while the program that owns the store runs, or left a journal that belongs to its database: *error says who,
 * how to tell, and what in the program itself does the same.
 */
bool stores_may_write(const stores_store *store, base_error *error);

#endif
