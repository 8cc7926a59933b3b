#include "dns/cache.h"

#include <stdlib.h>
#include <string.h>

typedef struct entry entry;
struct entry {
    entry *chained;       /* the next with the same place in the table */
    entry *newer, *older; /* by when they were last asked for */
    dns_type type;
    dns_reply reply;
    int64_t came, until;
    const char *name;
    unsigned char bytes[]; /* the message, then the name */
};

struct dns_cache {
    size_t capacity, count, places; /* places: a power of two */
    entry **table;
    entry *newest, *oldest;
};

dns_cache *dns_cache_new(size_t capacity)
{
    dns_cache *cache = base_allocate(sizeof *cache);

    cache->capacity = capacity;
    for (cache->places = 16; cache->places < capacity; cache->places *= 2)
        ;
    cache->table = base_allocate(cache->places * sizeof *cache->table);
    return cache;
}

size_t dns_cache_count(const dns_cache *cache)
{
    return cache->count;
}

/* FNV-1a. Who fills one place on purpose makes its own questions slow, and there are no more than `capacity` in it. */
static size_t place_of(const dns_cache *cache, const char *name, dns_type type)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325) ^ (uint64_t)type;

    for (; *name != '\0'; name++)
        hash = (hash ^ (unsigned char)*name) * UINT64_C(0x100000001b3);
    return (size_t)(hash ^ hash >> 32) & (cache->places - 1);
}

/* Where the table points to the entry, or would. */
static entry **find(dns_cache *cache, const char *name, dns_type type)
{
    entry **at = &cache->table[place_of(cache, name, type)];

    while (*at != NULL && ((*at)->type != type || strcmp((*at)->name, name) != 0))
        at = &(*at)->chained;
    return at;
}

static void unlink_entry(dns_cache *cache, entry *e)
{
    *(e->newer != NULL ? &e->newer->older : &cache->newest) = e->older;
    *(e->older != NULL ? &e->older->newer : &cache->oldest) = e->newer;
}

static void link_newest(dns_cache *cache, entry *e)
{
    e->newer = NULL;
    e->older = cache->newest;
    *(cache->newest != NULL ? &cache->newest->newer : &cache->oldest) = e;
    cache->newest = e;
}

static void forget(dns_cache *cache, entry **at)
{
    entry *e = *at;

    *at = e->chained;
    unlink_entry(cache, e);
    cache->count--;
    free(e);
}

void dns_cache_free(dns_cache *cache)
{
    if (cache == NULL)
        return;
    while (cache->oldest != NULL)
        forget(cache, find(cache, cache->oldest->name, cache->oldest->type));
    free(cache->table);
    free(cache);
}

static entry *entry_new(const char *name, dns_type type, const dns_reply *reply)
{
    size_t name_size = strlen(name) + 1;
    entry *e = base_allocate(sizeof *e + reply->length + name_size);

    e->type = type;
    e->reply = *reply;
    if (reply->length > 0)
        memcpy(e->bytes, reply->bytes, reply->length);
    e->reply.bytes = e->bytes;
    memcpy(e->bytes + reply->length, name, name_size);
    e->name = (const char *)e->bytes + reply->length;
    return e;
}

void dns_cache_put(dns_cache *cache, const char *name, dns_type type, const dns_reply *reply, int64_t now,
                   uint32_t seconds)
{
    entry **at = find(cache, name, type), *e;

    if (*at != NULL)
        forget(cache, at);
    if (seconds == 0 || cache->capacity == 0 || reply->length > DNS_CACHE_OCTETS)
        return;
    if (cache->count == cache->capacity)
        forget(cache, find(cache, cache->oldest->name, cache->oldest->type));
    e = entry_new(name, type, reply);
    e->came = now;
    e->until = now + seconds;
    at = find(cache, name, type);
    e->chained = *at;
    *at = e;
    link_newest(cache, e);
    cache->count++;
}

bool dns_cache_find(dns_cache *cache, const char *name, dns_type type, int64_t now, dns_reply *reply)
{
    entry **at = find(cache, name, type), *e = *at;

    if (e == NULL)
        return false;
    if (now >= e->until) {
        forget(cache, at);
        return false;
    }
    unlink_entry(cache, e);
    link_newest(cache, e);
    *reply = e->reply;
    reply->age = (uint32_t)(now - e->came);
    return true;
}
