/*
 * Asking: from the index in memory, and for an entry that is there one read of its row.
 */
#include <stdlib.h>

#include "engine/sized.h"
#include "scan.h"
#include "store.h"

/* -- One host ------------------------------------------------------------------------------------------------------ */

/* The caller's words stand for the row's: they are the same, and they last. */
static void give(const hf__row *row, hf_span host, hf_span partition, hf_entry *entry)
{
    if (entry == NULL)
        return;
    hf_entry ours = row->entry;
    ours.host = host;
    ours.partition = partition;
    hf__sized_write(entry, entry->size, &ours, sizeof ours);
}

static bool can_be_known(const hf_host *host, hf_span partition)
{
    return host->kind == HF_HOST_NAME && host->length > 0 && host->length <= HF_HOST_MAX &&
           partition.length <= HF_PARTITION_MAX;
}

/* A look-up has nobody to tell but whoever wants to hear of damage. */
static bool find(const hf_store *store, hf_span name, hf_span partition, hf__place *place)
{
    if (hf__image_find(store, &store->image, name, partition, place) == HF_OK)
        return place->slot != NULL;
    hf__damage_tell(store, &store->image, HF_DAMAGE_UNREADABLE, hf__slots_offset(*place->slot), HF__ROW_HEAD);
    return false;
}

bool hf_store_get(const hf_store *store, const hf_host *host, hf_span partition, hf_entry *entry)
{
    hf__place place;
    hf_span name = {host->name, host->length};

    if (!can_be_known(host, partition) || !find(store, name, partition, &place))
        return false;
    give(&place.row, name, partition, entry);
    return true;
}

/*
 * RFC 6797 8.2: the name itself, then ever shorter superdomains; what is not in force, or says nothing about
 * subdomains, is passed over as if it were not there. The same walk as hf_hosts_match, over rows in a file.
 */
hf_match hf_store_match(const hf_store *store, const hf_host *host, hf_span partition, int64_t now, hf_entry *entry)
{
    hf__place place;

    if (!can_be_known(host, partition) || (!store->options.enforce_localhost && hf_host_is_localhost(host)))
        return HF_MATCH_NONE;
    for (const char *name = host->name; name != NULL;) {
        hf_span span = {name, host->length - (size_t)(name - host->name)};
        bool congruent = name == host->name;
        if (find(store, span, partition, &place) && hf_entry_is_live(&place.row.entry, now) &&
            (congruent || place.row.entry.include_subdomains)) {
            give(&place.row, span, partition, entry);
            return congruent ? HF_MATCH_CONGRUENT : HF_MATCH_SUPERDOMAIN;
        }
        const char *dot = memchr(name, '.', span.length);
        name = dot != NULL ? dot + 1 : NULL;
    }
    return HF_MATCH_NONE;
}

static hf_match match_store(const void *self, const hf_host *host, hf_span partition, int64_t now, hf_entry *entry)
{
    return hf_store_match(self, host, partition, now, entry);
}

static bool get_store(const void *self, const hf_host *host, hf_span partition, hf_entry *entry)
{
    return hf_store_get(self, host, partition, entry);
}

hf_learned hf_store_learned(const hf_store *store)
{
    return (hf_learned){
        .size = sizeof(hf_learned),
        .match = match_store,
        .get = get_store,
        .self = store,
        .enforce_localhost = store->options.enforce_localhost,
    };
}

/* -- All of them --------------------------------------------------------------------------------------------------- */

size_t hf_store_count(const hf_store *store)
{
    return store->image.slots.used;
}

struct hf_store_walk {
    const hf_store *store;
    hf_status status;
    hf__scan scan;
};

hf_status hf_store_walk_new(const hf_store *store, hf_store_walk **walk)
{
    if (store == NULL || walk == NULL)
        return HF_E_ARGUMENT;
    hf_store_walk *made = malloc(sizeof *made);
    if (made == NULL)
        return HF_E_MEMORY;
    made->store = store;
    made->status = HF_OK;
    hf__scan_start(&made->scan, store->io, store->image.file, store->image.first, store->image.end);
    *walk = made;
    return HF_OK;
}

bool hf_store_walk_next(hf_store_walk *walk, hf_entry *entry)
{
    const hf__image *image = &walk->store->image;
    hf__found found;

    for (;;) {
        switch (hf__scan_next(&walk->scan, &found)) {
        case HF__STEP_END:
            return false;
        case HF__STEP_ERROR:
            walk->status = HF_E_STORE_IO;
            return false;
        case HF__STEP_GAP:
            if (found.offset < image->indexed)
                hf__damage_tell(walk->store, image, HF_DAMAGE_ENTRIES, found.offset, found.length);
            break;
        case HF__STEP_ROW:
            if (hf__image_is_current(image, &found.row, found.offset)) {
                give(&found.row, found.row.entry.host, found.row.entry.partition, entry);
                return true;
            }
        }
    }
}

hf_status hf_store_walk_status(const hf_store_walk *walk)
{
    return walk->status;
}

void hf_store_walk_free(hf_store_walk *walk)
{
    free(walk);
}
