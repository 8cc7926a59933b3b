/*
 * stores/query.h: what a store says about hosts: which entry covers each, since when, until when, and what would lift
 * it.
 */
#ifndef STORES_QUERY_H
#define STORES_QUERY_H

#include "facts/stores.h"
#include "preload/lists.h"
#include "stores/context.h"
#include "stores/store.h"

/*
 * Answers for `count` hosts; `lists` are asked too. *damaged counts entries that were passed over. False, with the
 * reason: the store cannot be read, and there are no answers. Free each answer with stores_answer_done.
 */
bool stores_query(const stores_store *store, const hf_host *hosts, size_t count, const stores_context *context,
                  const preload_lists *lists, facts_store_answer *answers, uint64_t *damaged, base_error *error);
void stores_answer_done(facts_store_answer *answer);

#endif
