/*
 * stores/listed.h: the names of a preload list as policies of a client that has no list built in.
 */
#ifndef STORES_LISTED_H
#define STORES_LISTED_H

#include "preload/names.h"
#include "stores/context.h"
#include "stores/store.h"

/*
 * Adds every name of the sorted list, until `ends`. What the target has in force stays as it is, and a name that it has
 * is not added: what a host sent itself is newer. False, with the reason: nothing was written. Free *outcome with
 * stores_outcome_done, also then.
 */
bool stores_put_listed(const stores_store *target, const stores_context *context, const preload_names *names,
                       int64_t ends, facts_store_outcome *outcome, base_error *error);

#endif
