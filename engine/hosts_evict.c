#include "hosts_evict.h"

#include "hosts_sites.h"
#include "hosts_table.h"
#include "unzeroed.h"

static hf__record *at(const hf_hosts *hosts, hf__ref ref)
{
    return hf__record_at(&hosts->records, ref);
}

static bool is_by_hand(const hf__record *record)
{
    return (record->flags >> HF__RECORD_SOURCE_SHIFT & 3) == HF_SOURCE_USER;
}

/* -- The oldest that may go ---------------------------------------------------------------------------------------- */

/* Each entry set by hand is passed once in its place, so that this costs nothing in the long run. */
static hf__ref first_evictable(const hf_hosts *hosts, hf__ref ref)
{
    while (ref != 0 && is_by_hand(at(hosts, ref)))
        ref = at(hosts, ref)->newer;
    return ref;
}

void hf__evict_linked(hf_hosts *hosts, hf__ref ref)
{
    if (hosts->evict.oldest == 0)
        hosts->evict.oldest = first_evictable(hosts, ref);
}

void hf__evict_unlinking(hf_hosts *hosts, hf__ref ref)
{
    if (hosts->evict.oldest == ref)
        hosts->evict.oldest = first_evictable(hosts, at(hosts, ref)->newer);
}

void hf__evict_moved(hf_hosts *hosts, hf__ref from, hf__ref to)
{
    if (hosts->evict.oldest == from)
        hosts->evict.oldest = to;
}

/* -- Choosing ------------------------------------------------------------------------------------------------------ */

typedef struct choice {
    hf_hosts *hosts;
    int64_t now;
    size_t wanted;
    hf__sites sites;
} choice;

/* What one entry's name says. */
typedef struct place {
    uint32_t site;
    bool is_covered; /* by a parent with includeSubDomains in the same partition */
} place;

static uint32_t site_of(const hf_hosts *hosts, hf_span host)
{
    HF__UNZEROED hf__suffix suffixes[HF__LABELS_MAX];
    size_t count = hf__hash_suffixes(&hosts->seeded, (hf_span){NULL, 0}, host, suffixes);

    return count == 0 ? 0 : suffixes[count > 1].hash;
}

static bool covers(const hf__record *parent, int64_t now)
{
    return hf__record_is_in_force(parent, now) && hf__record_includes_subdomains(parent);
}

static place place_of(const choice *c, const hf__record *record)
{
    const hf_hosts *hosts = c->hosts;
    hf__key key = hf__record_key(record);
    HF__UNZEROED hf__suffix suffixes[HF__LABELS_MAX];
    size_t count = hf__hash_suffixes(&hosts->seeded, key.partition, key.host, suffixes);
    place p = {count == 0 ? 0 : suffixes[count > 1].hash, false};

    if (key.partition.length > 0)
        p.site = site_of(hosts, key.host);
    for (size_t i = 0; i + 1 < count && !p.is_covered; i++) {
        size_t offset = suffixes[i].offset;
        hf__key parent = {{key.host.data + offset, key.host.length - offset}, key.partition};
        hf__ref ref = hf__index_find(&hosts->index, &hosts->records, suffixes[i].hash, &parent);
        p.is_covered = ref != 0 && covers(at(hosts, ref), c->now);
    }
    return p;
}

static void choose(hf_hosts *hosts, size_t i, hf__ref ref)
{
    hosts->evict.chosen[i] = ref;
    at(hosts, ref)->flags |= HF__RECORD_CHOSEN;
}

/* Chooses what is covered, oldest first, and counts the others by site. */
static void choose_covered(choice *c)
{
    hf__evict *evict = &c->hosts->evict;

    for (hf__ref ref = c->hosts->oldest; ref != 0; ref = at(c->hosts, ref)->newer) {
        hf__record *record = at(c->hosts, ref);
        record->flags &= (uint8_t)~HF__RECORD_CHOSEN;
        if (is_by_hand(record) || evict->count == c->wanted)
            continue;
        place p = place_of(c, record);
        if (p.is_covered)
            choose(c->hosts, evict->count++, ref);
        else
            hf__sites_get(&c->sites, p.site)->count++;
    }
}

/*
 * Where the entries begin that go when their site has one more than `level` + i: those of larger sites come before. Of
 * the last row, where a site has level + 1, not all may be wanted.
 */
static void set_starts(const choice *c, size_t *starts, uint32_t level, uint32_t largest)
{
    size_t rows = largest - level;

    memset(starts, 0, rows * sizeof *starts);
    for (size_t i = 0; i < c->sites.size; i++)
        for (uint32_t count = c->sites.slots[i].count; count > level + 1; count--)
            starts[count - level - 2]++; /* how many there are goes into the row after */
    for (size_t row = rows - 1; row > 0; row--)
        starts[row - 1] += starts[row];
}

/*
 * As if, again and again, the oldest entry of the site that then has the most went: the i-th oldest of a site with n
 * goes when it has n - i left. Sites and entries that are equal in this go by age.
 */
static void choose_by_site(choice *c, size_t *starts, uint32_t level)
{
    hf__evict *evict = &c->hosts->evict;
    size_t first = evict->count;

    for (hf__ref ref = c->hosts->evict.oldest; ref != 0 && evict->count < c->wanted; ref = at(c->hosts, ref)->newer) {
        const hf__record *record = at(c->hosts, ref);
        if (is_by_hand(record) || record->flags & HF__RECORD_CHOSEN)
            continue;
        hf__site *site = hf__sites_get(&c->sites, site_of(c->hosts, hf__record_key(record).host));
        uint32_t left = site->count--;
        if (left <= level || first + starts[left - level - 1] >= c->wanted)
            continue;
        choose(c->hosts, first + starts[left - level - 1]++, ref);
        evict->count++;
    }
}

static void choose_all(choice *c, size_t *starts)
{
    hf__evict *evict = &c->hosts->evict;
    uint32_t largest, level;

    choose_covered(c);
    size_t rest = hf__sites_above(&c->sites, 0);
    if (evict->count + rest < c->wanted)
        c->wanted = evict->count + rest;
    if (evict->count == c->wanted)
        return;
    level = hf__sites_level(&c->sites, c->wanted - evict->count, &largest);
    set_starts(c, starts, level, largest);
    choose_by_site(c, starts, level);
}

/* Where it is to be written which ones are chosen. It stays, since its size is that of the limit. */
static bool reserve_chosen(hf_hosts *hosts, size_t wanted)
{
    hf__evict *evict = &hosts->evict;

    if (evict->chosen != NULL)
        return true;
    evict->chosen = hf__allocate(&hosts->memory, wanted * sizeof *evict->chosen);
    evict->capacity = evict->chosen != NULL ? wanted : 0;
    return evict->chosen != NULL;
}

void hf__evict_look(hf_hosts *hosts, int64_t now)
{
    const size_t most = hosts->limit < 16 ? 1 : hosts->limit / 8;
    choice c = {.hosts = hosts, .now = now, .wanted = most};
    size_t *starts;

    if (hosts->evict.added < hosts->limit / 8)
        return;
    hosts->evict.added = hosts->evict.count = hosts->evict.next = 0;
    hf__hosts_remove_expired(hosts, now);
    /* Without memory to choose the oldest goes. */
    if (!reserve_chosen(hosts, most))
        return;
    starts = hf__allocate(&hosts->memory, most * sizeof *starts);
    if (starts != NULL && hf__sites_init(&c.sites, &hosts->memory, hosts->index.count))
        choose_all(&c, starts);
    hf__sites_done(&c.sites, &hosts->memory);
    hf__release(&hosts->memory, starts, most * sizeof *starts);
}

hf__ref hf__evict_next(hf_hosts *hosts)
{
    hf__evict *evict = &hosts->evict;

    while (evict->next < evict->count) {
        hf__ref ref = evict->chosen[evict->next++];
        if (at(hosts, ref)->flags & HF__RECORD_CHOSEN)
            return ref;
    }
    return evict->oldest;
}

void hf__evict_forget_chosen(hf_hosts *hosts)
{
    hosts->evict.count = hosts->evict.next = 0;
    hosts->evict.added = hosts->limit; /* so that the next new host may look again */
}

void hf__evict_done(hf_hosts *hosts)
{
    hf__release(&hosts->memory, hosts->evict.chosen, hosts->evict.capacity * sizeof *hosts->evict.chosen);
    hosts->evict = (hf__evict){0};
}
