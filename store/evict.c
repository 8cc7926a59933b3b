/*
 * Which entries go when the file holds more than its limit, in the order of the table in memory (holdfast/hosts.h):
 * those that expired; those that a parent's includeSubDomains covers; then, again and again, the oldest of the site
 * with the most entries. Whoever fills the file with names of one site evicts their own. What was set by hand stays.
 */
#include <stdlib.h>

#include "store.h"

typedef struct candidate {
    uint32_t rank;    /* first its site, by the hash of its name; then how many the site has left when it goes */
    uint32_t ordinal; /* among the entries in the order of the file, which is by age */
} candidate;

enum fate { STAYS, GOES, COVERED };

typedef struct eviction {
    const hf_store *store;
    int64_t now;
    size_t capacity, entries, live; /* how many there is room for, how many there are, how many have not expired */
    uint8_t *fates;                 /* one an entry */
    candidate *candidates;
    size_t candidate_count;
    size_t next; /* the entry that the filter is asked about next */
} eviction;

/* The name behind its first dot; empty: there is none. */
static hf_span parent_of(hf_span name)
{
    const char *dot = memchr(name.data, '.', name.length);
    size_t length = dot != NULL ? name.length - (size_t)(dot + 1 - name.data) : 0;

    return (hf_span){name.data + name.length - length, length};
}

/* The last two labels of a name, or its only one: the library has no list of public suffixes. */
static uint32_t site_of(const eviction *e, hf_span name)
{
    hf_span parent = parent_of(name);

    while (parent.length > 0 && parent_of(parent).length > 0) {
        name = parent;
        parent = parent_of(parent);
    }
    return hf__image_hash(&e->store->image, name, (hf_span){NULL, 0});
}

/* A parent that cannot be read covers nothing. */
static bool is_covered(const eviction *e, const hf_entry *entry)
{
    hf__place place;

    for (hf_span name = parent_of(entry->host); name.length > 0; name = parent_of(name))
        if (hf__image_find(e->store, &e->store->image, name, entry->partition, &place) == HF_OK && place.slot != NULL &&
            place.row.entry.include_subdomains && hf_entry_is_live(&place.row.entry, e->now))
            return true;
    return false;
}

static void take(eviction *e, const hf_entry *entry)
{
    size_t ordinal = e->entries++;

    e->fates[ordinal] = STAYS;
    if (entry->expires < e->now) {
        e->fates[ordinal] = GOES;
        return;
    }
    e->live++;
    if (entry->source == HF_SOURCE_USER)
        return;
    if (is_covered(e, entry))
        e->fates[ordinal] = COVERED;
    else
        e->candidates[e->candidate_count++] = (candidate){site_of(e, entry->host), (uint32_t)ordinal};
}

static hf_status take_all(eviction *e)
{
    hf_store_walk *walk;
    hf_entry entry = hf_entry_init();
    hf_status status = hf_store_walk_new(e->store, &walk);

    if (status != HF_OK)
        return status;
    while (e->entries < e->capacity && hf_store_walk_next(walk, &entry))
        take(e, &entry);
    status = hf_store_walk_status(walk);
    hf_store_walk_free(walk);
    return status;
}

static int by_site(const void *a, const void *b)
{
    const candidate *x = a, *y = b;

    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    return (x->ordinal > y->ordinal) - (x->ordinal < y->ordinal);
}

static int by_left(const void *a, const void *b)
{
    const candidate *x = a, *y = b;

    if (x->rank != y->rank)
        return x->rank > y->rank ? -1 : 1;
    return (x->ordinal > y->ordinal) - (x->ordinal < y->ordinal);
}

/* The i-th oldest of a site with n goes when it has n - i left. */
static void rank_by_left(eviction *e)
{
    candidate *all = e->candidates;

    for (size_t from = 0, to; from < e->candidate_count; from = to) {
        uint32_t site = all[from].rank;
        for (to = from; to < e->candidate_count && all[to].rank == site;)
            to++;
        for (size_t i = from; i < to; i++)
            all[i].rank = (uint32_t)(to - i);
    }
}

/* Returns how many of `wanted` could not be found. */
static size_t choose(eviction *e, size_t wanted)
{
    for (size_t i = 0; i < e->entries; i++)
        if (e->fates[i] == COVERED) {
            e->fates[i] = wanted > 0 ? GOES : STAYS;
            wanted -= wanted > 0;
        }
    if (wanted == 0)
        return 0;
    qsort(e->candidates, e->candidate_count, sizeof *e->candidates, by_site);
    rank_by_left(e);
    qsort(e->candidates, e->candidate_count, sizeof *e->candidates, by_left);
    for (size_t i = 0; i < e->candidate_count && wanted > 0; i++, wanted--)
        e->fates[e->candidates[i].ordinal] = GOES;
    return wanted;
}

/* Writing the file anew walks over the same entries in the same order. */
static bool drops(void *self, const hf_entry *entry)
{
    eviction *e = self;

    (void)entry;
    return e->next < e->entries && e->fates[e->next++] == GOES;
}

hf_status hf__evict(hf_store *store, size_t limit, int64_t now, size_t *too_many)
{
    eviction e = {.store = store, .now = now, .capacity = store->image.slots.used};
    hf_status status = HF_E_MEMORY;

    e.fates = calloc(e.capacity, sizeof *e.fates);
    e.candidates = calloc(e.capacity, sizeof *e.candidates);
    if (e.fates != NULL && e.candidates != NULL)
        status = take_all(&e);
    if (status == HF_OK) {
        *too_many = choose(&e, e.live > limit ? e.live - limit : 0);
        status = hf__rewrite(store, &(hf__filter){drops, &e}, NULL, NULL);
    }
    free(e.fates);
    free(e.candidates);
    return status;
}
