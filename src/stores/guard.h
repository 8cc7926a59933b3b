/*
 * stores/guard.h: may this store be written to now?
 */
#ifndef STORES_GUARD_H
#define STORES_GUARD_H

#include "base/error.h"

#include <stdbool.h>

/*
 * False while the program that owns the store runs, or left a journal that belongs to its database: *error says who,
 * how to tell, and what in the program itself does the same.
 */
bool stores_may_write(const char *kind, const char *path, base_error *error);

#endif
