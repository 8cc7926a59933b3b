/*
 * stores/set.h: a policy set by hand, as if the host had sent it over TLS.
 */
#ifndef STORES_SET_H
#define STORES_SET_H

#include "facts/stores.h"
#include "holdfast/header.h"
#include "stores/context.h"
#include "stores/store.h"

/* False, with the reason. Free *outcome with stores_outcome_done, also then. */
bool stores_set(const stores_store *target, const stores_context *context, const hf_host *host, const hf_policy *policy,
                bool dry_run, facts_store_outcome *outcome, base_error *error);

#endif
