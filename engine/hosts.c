/*
 * The Known HSTS Hosts: making a table, asking it, forgetting. Noting is in hosts_note.c.
 */
#include "holdfast/hosts.h"

#include <stdlib.h>

#include "hosts_table.h"
#include "seed.h"
#include "sized.h"
#include "unzeroed.h"

/* -- A table ------------------------------------------------------------------------------------------------------- */

static void *allocate_by_malloc(void *self, size_t size)
{
    (void)self;
    return malloc(size);
}

static void release_by_free(void *self, void *block, size_t size)
{
    (void)self, (void)size;
    free(block);
}

hf_status hf_hosts_new(const hf_hosts_options *options, hf_hosts **hosts)
{
    hf_hosts_options o = hf_hosts_options_init();

    if (hosts == NULL || (options != NULL && options->size == 0))
        return HF_E_ARGUMENT;
    if (options != NULL)
        hf__sized_read(&o, sizeof o, options, options->size);
    hf__memory memory = {.alloc = {allocate_by_malloc, release_by_free, NULL}};
    if (o.alloc != NULL)
        memory.alloc = *o.alloc;
    if (memory.alloc.allocate == NULL || memory.alloc.release == NULL)
        return HF_E_ARGUMENT;
    hf_hosts *made = hf__allocate(&memory, sizeof *made);
    if (made == NULL)
        return HF_E_MEMORY;
    *made = (hf_hosts){
        .memory = memory,
        .seeded = hf__hash_seeded(o.seed != 0 ? o.seed : hf__seed()),
        .limit = o.limit == 0 ? HF_HOSTS_LIMIT_DEFAULT : o.limit,
        .min_expires = HF_TIME_NEVER,
        .enforce_localhost = o.enforce_localhost,
    };
    *hosts = made;
    return HF_OK;
}

void hf_hosts_free(hf_hosts *hosts)
{
    if (hosts == NULL)
        return;
    hf_hosts_clear(hosts);
    hf__memory memory = hosts->memory; /* what gives the table back must not lie in it */
    hf__release(&memory, hosts, sizeof *hosts);
}

/* -- Entries ------------------------------------------------------------------------------------------------------- */

static bool in_force(hf_state state, int64_t expires, int64_t now)
{
    return state == HF_STATE_SET && now <= expires;
}

/* All but the size. */
static void set_entry(hf_entry *entry, const hf__record *record)
{
    hf__key key = hf__record_key(record);

    entry->host = key.host;
    entry->partition = key.partition;
    entry->max_age = record->max_age;
    entry->observed = record->observed;
    entry->expires = record->expires;
    entry->source = (hf_source)(record->flags >> HF__RECORD_SOURCE_SHIFT & 3);
    entry->state = hf__record_state(record);
    entry->include_subdomains = hf__record_includes_subdomains(record);
}

/* A caller of our own age is served without a copy: it is on the path of every look-up that finds something. */
static void write_entry(const hf__record *record, hf_entry *entry)
{
    if (entry == NULL)
        return;
    if (entry->size >= sizeof *entry) {
        set_entry(entry, record);
        return;
    }
    hf_entry ours = hf_entry_init();
    set_entry(&ours, record);
    hf__sized_write(entry, entry->size, &ours, sizeof ours);
}

bool hf_entry_is_live(const hf_entry *entry, int64_t now)
{
    if (entry->size >= sizeof *entry)
        return in_force(entry->state, entry->expires, now);
    hf_entry ours;
    hf__sized_read(&ours, sizeof ours, entry, entry->size);
    return entry->size > 0 && in_force(ours.state, ours.expires, now);
}

/* -- Asking -------------------------------------------------------------------------------------------------------- */

static hf__key key_of(const hf_host *host, hf_span partition)
{
    return (hf__key){{host->name, host->length}, partition};
}

/* A key that no entry can have need not be looked for, and might not fit where it would be. An HF_HOST_OTHER is not its
 * own parent. */
static bool is_possible(const hf_host *host, const hf__key *key)
{
    return host->kind != HF_HOST_OTHER && key->host.length > 0 && key->host.length <= HF_HOST_MAX &&
           key->partition.length <= HF_PARTITION_MAX;
}

/*
 * [RFC6797 5.3-1] "UAs store and index HSTS Policies based strictly upon the domain names of the issuing HSTS Hosts."
 */
bool hf_hosts_get(const hf_hosts *hosts, const hf_host *host, hf_span partition, hf_entry *entry)
{
    hf__key key = key_of(host, partition);
    const hf__record *record = is_possible(host, &key) ? hf__hosts_find(hosts, &key) : NULL;

    if (record != NULL)
        write_entry(record, entry);
    return record != NULL;
}

/*
 * [RFC6797 8.2-2, 8.2-3, 8.2-4] "If a label-for-label match between an entire Known HSTS Host's domain name and a
 * right-hand portion of the given domain name is found, then this Known HSTS Host's domain name is a superdomain match
 * for the given domain name."
 *
 * The walk begins with the name itself and goes on to ever shorter superdomains. A record that is not in force, or says
 * nothing about subdomains, is passed over as if it were not there.
 */
static const hf__record *match(const hf_hosts *hosts, const hf__key *key, int64_t now)
{
    HF__UNZEROED hf__suffix suffixes[HF__LABELS_MAX];
    size_t count = hf__hash_suffixes(&hosts->seeded, key->partition, key->host, suffixes);

    for (size_t i = 0; i < count; i++)
        hf__index_prefetch(&hosts->index, suffixes[i].hash);
    for (size_t i = count; i-- > 0;) {
        size_t offset = suffixes[i].offset;
        hf__key suffix = {{key->host.data + offset, key->host.length - offset}, key->partition};
        hf__ref ref = hf__index_find(&hosts->index, &hosts->records, suffixes[i].hash, &suffix);
        if (ref == 0)
            continue;
        const hf__record *record = hf__record_at(&hosts->records, ref);
        if (hf__record_is_in_force(record, now) && (offset == 0 || hf__record_includes_subdomains(record)))
            return record;
    }
    return NULL;
}

/*
 * [RFC6797 8.3-3] "Else, if the substring is non-null and syntactically matches the IP-literal or IPv4address
 * productions from Section 3.2.2 of [RFC3986], then there is no match with any Known HSTS Host."
 */
hf_match hf_hosts_match(const hf_hosts *hosts, const hf_host *host, hf_span partition, int64_t now, hf_entry *entry)
{
    hf__key key = key_of(host, partition);

    if (hosts->index.count == 0 || host->kind != HF_HOST_NAME || !is_possible(host, &key))
        return HF_MATCH_NONE;
    if (!hosts->enforce_localhost && hf_host_is_localhost(host))
        return HF_MATCH_NONE;
    const hf__record *record = match(hosts, &key, now);
    if (record == NULL) /* [RFC6797 8.2-5] */
        return HF_MATCH_NONE;
    write_entry(record, entry);
    return record->host_length == host->length ? HF_MATCH_CONGRUENT : HF_MATCH_SUPERDOMAIN;
}

/* The cursor is the record that comes next, so that the one just returned may go. */
bool hf_hosts_next(const hf_hosts *hosts, uint64_t *cursor, hf_entry *entry)
{
    const uint64_t end = UINT64_MAX;

    if (*cursor == 0)
        *cursor = hosts->oldest != 0 ? hosts->oldest : end;
    if (*cursor == end)
        return false;
    const hf__record *record = hf__record_at(&hosts->records, (hf__ref)*cursor);
    write_entry(record, entry);
    *cursor = record->newer != 0 ? record->newer : end;
    return true;
}

size_t hf_hosts_count(const hf_hosts *hosts)
{
    return hosts->index.count;
}

size_t hf_hosts_count_live(const hf_hosts *hosts, int64_t now)
{
    size_t live = 0;
    const hf__record *record;

    for (hf__ref ref = hosts->oldest; ref != 0; ref = record->newer) {
        record = hf__record_at(&hosts->records, ref);
        live += hf__record_is_in_force(record, now);
    }
    return live;
}

size_t hf_hosts_memory(const hf_hosts *hosts)
{
    return hosts->memory.held;
}

bool hf_hosts_enforces_localhost(const hf_hosts *hosts)
{
    return hosts->enforce_localhost;
}

/* -- Forgetting ---------------------------------------------------------------------------------------------------- */

/*
 * [RFC6797 12.5-1] "HSTS Policy deletion is the ability to delete a UA's cached HSTS Policy on a per-HSTS Host basis."
 */
size_t hf_hosts_forget(hf_hosts *hosts, const hf_host *host, hf_span partition)
{
    hf__key key = key_of(host, partition);

    return is_possible(host, &key) && hf__hosts_remove(hosts, &key);
}

static bool is_in_subtree(const hf__record *record, const void *context)
{
    const hf_host *top = context;
    size_t length = record->host_length;

    if (length < top->length || memcmp(record->bytes + length - top->length, top->name, top->length) != 0)
        return false;
    return length == top->length || record->bytes[length - top->length - 1] == '.';
}

size_t hf_hosts_forget_subtree(hf_hosts *hosts, const hf_host *host)
{
    size_t gone =
        host->kind == HF_HOST_OTHER || host->length == 0 ? 0 : hf__hosts_remove_all(hosts, is_in_subtree, host);

    hf__hosts_give_back(hosts);
    return gone;
}

typedef struct interval {
    int64_t from, to;
} interval;

static bool is_observed_in(const hf__record *record, const void *context)
{
    const interval *times = context;

    return times->from <= record->observed && record->observed < times->to;
}

size_t hf_hosts_forget_between(hf_hosts *hosts, int64_t from, int64_t to)
{
    size_t gone = hf__hosts_remove_all(hosts, is_observed_in, &(interval){from, to});

    hf__hosts_give_back(hosts);
    return gone;
}

/* [RFC6797 8.1.1-5] "The UA MUST evict all expired Known HSTS Hosts from its cache if, at any time, an expired Known
 * HSTS Host exists in the cache." The table has no clock: it never heeds an expired entry, and this drops them when the
 * caller says what time it is. */
size_t hf_hosts_forget_expired(hf_hosts *hosts, int64_t now)
{
    size_t gone = hf__hosts_remove_expired(hosts, now);

    hf__hosts_give_back(hosts);
    return gone;
}

size_t hf_hosts_clear(hf_hosts *hosts)
{
    size_t gone = hosts->index.count;

    hf__index_done(&hosts->index, &hosts->memory);
    hf__records_done(&hosts->records, &hosts->memory);
    hf__evict_done(hosts);
    hosts->oldest = hosts->newest = 0;
    hosts->min_expires = HF_TIME_NEVER;
    return gone;
}
