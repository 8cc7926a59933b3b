/*
 * dns/cache.h: answers of the DNS, remembered for as long as they are good, so that a million hosts do not ask a
 * million times for what they share. Bounded: the answer that was not asked for the longest makes room. Pure: the time
 * is an argument.
 */
#ifndef DNS_CACHE_H
#define DNS_CACHE_H

#include "dns/records.h"

#define DNS_CACHE_ENTRIES 4096
#define DNS_CACHE_OCTETS 4096 /* a longer message is not remembered: all together stay below 17 MiB */

typedef struct dns_cache dns_cache;

/* One answer: its message, or, where none came, the status alone. */
typedef struct dns_reply {
    facts_dns_status status;
    const char *detail; /* what the resolver library says of a failure; of the life of the program */
    const unsigned char *bytes;
    size_t length; /* 0: no message */
    uint32_t age;  /* seconds since it came */
} dns_reply;

/* `capacity` answers at most. */
dns_cache *dns_cache_new(size_t capacity);
void dns_cache_free(dns_cache *cache);

/* Remembers until `now` + `seconds`; with 0 it only forgets what was there. `name` is taken as it is: equal octets,
 * equal name. */
void dns_cache_put(dns_cache *cache, const char *name, dns_type type, const dns_reply *reply, int64_t now,
                   uint32_t seconds);

/* False if nothing is remembered. What *reply points to lives until the cache next changes. */
bool dns_cache_find(dns_cache *cache, const char *name, dns_type type, int64_t now, dns_reply *reply);

size_t dns_cache_count(const dns_cache *cache);

#endif
