#include "hosts_table.h"

/* -- The order of noting ------------------------------------------------------------------------------------------- */

/* Makes the records before and after a place name `ref` as what stands there. */
static void set_neighbours(hf_hosts *hosts, const hf__record *record, hf__ref newer_of_older, hf__ref older_of_newer)
{
    if (record->older != 0)
        hf__record_at(&hosts->records, record->older)->newer = newer_of_older;
    else
        hosts->oldest = newer_of_older;
    if (record->newer != 0)
        hf__record_at(&hosts->records, record->newer)->older = older_of_newer;
    else
        hosts->newest = older_of_newer;
}

static void unlink_record(hf_hosts *hosts, hf__ref ref)
{
    const hf__record *record = hf__record_at(&hosts->records, ref);

    hf__evict_unlinking(hosts, ref);
    set_neighbours(hosts, record, record->newer, record->older);
}

static void link_newest(hf_hosts *hosts, hf__ref ref)
{
    hf__record *record = hf__record_at(&hosts->records, ref);

    record->older = hosts->newest;
    record->newer = 0;
    set_neighbours(hosts, record, ref, ref);
    hf__evict_linked(hosts, ref);
}

/* -- Finding and removing ------------------------------------------------------------------------------------------ */

static uint32_t hash_of(const hf_hosts *hosts, const hf__key *key)
{
    return hf__hash_name(&hosts->seeded, key->partition, key->host);
}

static hf__ref find_ref(const hf_hosts *hosts, const hf__key *key)
{
    return hosts->index.count == 0 ? 0 : hf__index_find(&hosts->index, &hosts->records, hash_of(hosts, key), key);
}

hf__record *hf__hosts_find(const hf_hosts *hosts, const hf__key *key)
{
    hf__ref ref = find_ref(hosts, key);

    return ref == 0 ? NULL : hf__record_at(&hosts->records, ref);
}

static void remove_ref(hf_hosts *hosts, hf__ref ref)
{
    hf__index_remove(&hosts->index, &hosts->records, ref);
    unlink_record(hosts, ref);
    hf__records_give(&hosts->records, ref);
}

bool hf__hosts_remove(hf_hosts *hosts, const hf__key *key)
{
    hf__ref ref = find_ref(hosts, key);

    if (ref == 0)
        return false;
    remove_ref(hosts, ref);
    return true;
}

/* The record moved from `from` to `to`: whatever names it must follow. */
static void record_moved(void *self, hf__ref from, hf__ref to)
{
    hf_hosts *hosts = self;
    const hf__record *record = hf__record_at(&hosts->records, to);

    set_neighbours(hosts, record, to, to);
    hf__evict_moved(hosts, from, to);
    hf__index_rename(&hosts->index, record->hash, from, to);
}

static void compact(hf_hosts *hosts)
{
    if (!hf__records_are_sparse(&hosts->records))
        return;
    hf__records_compact(&hosts->records, &hosts->memory, record_moved, hosts);
    hf__evict_forget_chosen(hosts);
}

void hf__hosts_give_back(hf_hosts *hosts)
{
    compact(hosts);
    if (hf__index_is_sparse(&hosts->index)) {
        hf_status unneeded = hf__index_fit(&hosts->index, &hosts->records, &hosts->memory, hosts->index.count);
        (void)unneeded; /* a smaller index is welcome; without memory for it the larger one stays */
    }
}

size_t hf__hosts_remove_all(hf_hosts *hosts, bool (*goes)(const hf__record *record, const void *context),
                            const void *context)
{
    size_t before = hosts->index.count;
    int64_t min_expires = HF_TIME_NEVER;

    for (hf__ref next, ref = hosts->oldest; ref != 0; ref = next) {
        const hf__record *record = hf__record_at(&hosts->records, ref);
        next = record->newer;
        if (goes(record, context))
            remove_ref(hosts, ref);
        else if (record->expires < min_expires)
            min_expires = record->expires;
    }
    hosts->min_expires = min_expires;
    return before - hosts->index.count;
}

/* [RFC6797 8.1.1-4] "A Known HSTS Host is "expired" if its cache entry has an expiry date in the past." */
static bool is_expired(const hf__record *record, const void *now)
{
    return record->expires < *(const int64_t *)now;
}

size_t hf__hosts_remove_expired(hf_hosts *hosts, int64_t now)
{
    return hosts->min_expires < now ? hf__hosts_remove_all(hosts, is_expired, &now) : 0;
}

/* -- Putting in ---------------------------------------------------------------------------------------------------- */

static void write_policy(hf_hosts *hosts, hf__record *record, const hf_entry *entry)
{
    record->max_age = entry->max_age;
    record->observed = entry->observed;
    record->expires = entry->expires;
    record->flags = (uint8_t)((entry->include_subdomains ? HF__RECORD_INCLUDE_SUBDOMAINS : 0u) |
                              (unsigned)entry->source << HF__RECORD_SOURCE_SHIFT |
                              (unsigned)entry->state << HF__RECORD_STATE_SHIFT);
    if (entry->expires < hosts->min_expires)
        hosts->min_expires = entry->expires;
}

/* All that may fail comes first, so that a failure leaves every entry as it was. */
static hf_status reserve(hf_hosts *hosts, const hf__key *key, hf__ref *ref)
{
    bool evicts = hosts->index.count >= hosts->limit;
    hf_status status = HF_OK;

    if (!evicts && hf__index_is_full(&hosts->index))
        status = hf__index_fit(&hosts->index, &hosts->records, &hosts->memory, hosts->index.count + 1);
    if (status != HF_OK)
        return status;
    *ref = hf__records_take(&hosts->records, key);
    if (*ref == 0) {
        compact(hosts);
        *ref = hf__records_take(&hosts->records, key);
    }
    if (*ref == 0) {
        status = hf__records_grow(&hosts->records, &hosts->memory, HF__UNITS(key->host.length, key->partition.length));
        if (status == HF_OK)
            *ref = hf__records_take(&hosts->records, key);
    }
    return status;
}

/*
 * The record that is to come is taken already, though nothing names it yet: nothing may move here. False if all entries
 * were set by hand; that, too, is counted, so that nobody can make the table look at them again and again.
 */
static bool make_room(hf_hosts *hosts, int64_t now)
{
    hf__ref evicted = 0;

    if (hosts->index.count >= hosts->limit)
        hf__evict_look(hosts, now);
    if (hosts->index.count >= hosts->limit) {
        evicted = hf__evict_next(hosts);
        if (evicted != 0)
            remove_ref(hosts, evicted);
    }
    hosts->evict.added++;
    return hosts->index.count < hosts->limit;
}

static hf_status add(hf_hosts *hosts, uint32_t hash, const hf__key *key, const hf_entry *entry, int64_t now)
{
    hf__ref ref;
    hf_status status = reserve(hosts, key, &ref);

    if (status != HF_OK)
        return status;
    if (!make_room(hosts, now)) {
        hf__records_give(&hosts->records, ref);
        return HF_E_FULL;
    }
    hf__record *record = hf__record_at(&hosts->records, ref);
    memcpy(record->bytes, key->host.data, key->host.length);
    if (key->partition.length > 0)
        memcpy(record->bytes + key->host.length, key->partition.data, key->partition.length);
    record->hash = hash;
    write_policy(hosts, record, entry);
    hf__index_insert(&hosts->index, hash, ref);
    link_newest(hosts, ref);
    return HF_OK;
}

hf_status hf__hosts_set(hf_hosts *hosts, const hf_entry *entry, int64_t now, bool *replaced)
{
    hf__key key = {entry->host, entry->partition};
    uint32_t hash = hash_of(hosts, &key);
    hf__ref ref = hf__index_find(&hosts->index, &hosts->records, hash, &key);

    *replaced = ref != 0;
    if (ref != 0) {
        hf__record *record = hf__record_at(&hosts->records, ref);
        unlink_record(hosts, ref);
        write_policy(hosts, record, entry);
        link_newest(hosts, ref);
        return HF_OK;
    }
    /* The entry may be one that the table itself gave out, and records may move or go before it is copied. */
    char bytes[HF_HOST_MAX + HF_PARTITION_MAX];
    memcpy(bytes, key.host.data, key.host.length);
    if (key.partition.length > 0)
        memcpy(bytes + key.host.length, key.partition.data, key.partition.length);
    key.host.data = bytes;
    key.partition.data = bytes + key.host.length;
    return add(hosts, hash, &key, entry, now);
}
