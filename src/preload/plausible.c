#include "preload/plausible.h"

#include "base/term.h"
#include "preload/diff.h"
#include "preload/reader.h"

#include <string.h>

/*
 * Names leave the lists by a scan that takes a quarter of the alphabet a week, so that an update after a week loses
 * less than a quarter. Who loses a third has another list, or part of one.
 */
#define LOST_PART 3

/*
 * The first and the last of the alphabet, so that a list that was cut short lacks some; top-level domains, whose
 * registries have bound all their names; and hosts that attackers would like to miss. On Chromium's list of 2026-06-01
 * and on Firefox's of 2025-09-29 alike.
 */
static const char *const canaries[][6] = {
    [PRELOAD_CHROMIUM] = {"accounts.google.com", "app", "dev", "github.com", "www.torproject.org", "zip"},
    [PRELOAD_FIREFOX] = {"accounts.google.com", "app", "dev", "github.com", "www.torproject.org", "zip"},
};

/* -- Canaries ------------------------------------------------------------------------------------------------------ */

static bool has_name(const preload_names *names, const char *name)
{
    size_t low = 0, high = names->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(names->entries[middle].name, name);
        if (order == 0)
            return true;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

static bool has_all(const preload_names *names, const char *const *wanted, size_t count, base_error *error)
{
    for (size_t i = 0; i < count; i++) {
        if (has_name(names, wanted[i]))
            continue;
        base_error_set(error,
                       "the new list has no entry %s, which every list must have: it is cut short, or another list; "
                       "--canary names others, --force takes it",
                       BASE_CUT(wanted[i]));
        return false;
    }
    return true;
}

bool preload_has_canaries(const preload_names *names, preload_which which, bool is_its_own, const base_texts *given,
                          base_error *error)
{
    if (given != NULL && given->count == 1 && strcmp(given->items[0], "none") == 0)
        return true;
    if (given != NULL && given->count > 0)
        return has_all(names, given->items, given->count, error);
    return !is_its_own || has_all(names, canaries[which], sizeof canaries[which] / sizeof *canaries[which], error);
}

/* -- Overlap ------------------------------------------------------------------------------------------------------- */

typedef struct loss {
    size_t count;
    const char *first;
} loss;

static void count_lost(void *self, facts_preload_change kind, const hf_preload_entry *entry)
{
    loss *l = self;

    if (kind != FACTS_PRELOAD_REMOVED)
        return;
    if (l->count++ == 0)
        l->first = entry->name;
}

static bool compare(const preload_names *old, const preload_names *new, base_error *error)
{
    loss lost = {0};

    preload_diff(old, new, count_lost, &lost);
    if (lost.count <= old->count / LOST_PART)
        return true;
    base_error_set(error,
                   "%zu of the %zu names of the old list are not on the new one, %s for instance: that is too much for "
                   "an update; compare them with holdfast preload diff, --force takes it",
                   lost.count, old->count, BASE_CUT(lost.first));
    return false;
}

bool preload_overlaps(const preload_names *names, const char *path, int64_t now, base_error *error)
{
    preload_names old;
    preload_file file;
    bool overlaps;

    if (!preload_file_open(&file, path, NULL))
        return true;
    preload_names_init(&old);
    overlaps = hf_preload_is_stale(&file.preload, now) ||
               !preload_read(base_buffer_string(&file.bytes), file.bytes.length, &old, NULL) ||
               compare(&old, names, error);
    preload_names_done(&old);
    preload_file_close(&file);
    return overlaps;
}
