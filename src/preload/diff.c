#include "preload/diff.h"

#include <string.h>

/* Two lists side by side. */
void preload_diff(const preload_names *old, const preload_names *new,
                  void (*report)(void *self, facts_preload_change kind, const hf_preload_entry *entry), void *self)
{
    size_t i = 0, k = 0;

    while (i < old->count || k < new->count) {
        int order = i == old->count ? 1 : k == new->count ? -1 : strcmp(old->entries[i].name, new->entries[k].name);

        if (order < 0)
            report(self, FACTS_PRELOAD_REMOVED, &old->entries[i++]);
        else if (order > 0)
            report(self, FACTS_PRELOAD_ADDED, &new->entries[k++]);
        else if (old->entries[i++].include_subdomains != new->entries[k].include_subdomains)
            report(self, FACTS_PRELOAD_CHANGED, &new->entries[k++]);
        else
            k++;
    }
}
