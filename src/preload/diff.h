/*
 * preload/diff.h: which names came onto a list, went, or changed their flag.
 */
#ifndef PRELOAD_DIFF_H
#define PRELOAD_DIFF_H

#include "facts/preloaded.h"
#include "preload/names.h"

/*
 * Both sorted, as preload_names_load leaves them. `entry` is that of the new list, or of the old one if the name
 * went.
 */
void preload_diff(const preload_names *old, const preload_names *new,
                  void (*report)(void *self, facts_preload_change kind, const hf_preload_entry *entry), void *self);

#endif
