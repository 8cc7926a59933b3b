/*
 * net/dns_cache.h: answers of the DNS, remembered for as long as they are good, so that a million hosts do not ask a million times
 * for what they share. Bounded: the answer that was not asked for the longest makes room. Pure: the time is an argument.
 */
#ifndef NET_DNS_CACHE_H
#define NET_DNS_CACHE_H

#include "net/dns_records.h"

#define NET_DNS_CACHE_ENTRIES 4096
#define NET_DNS_CACHE_OCTETS 4096 /* a longer message is not remembered: all together stay below 17 MiB */

typedef struct net_dns_cache net_dns_cache;

/* One answer: its message, or, where none came, the status alone. */
typedef struct net_dns_reply {
    net_dns_status status;
    const char *detail; /* what the resolver library says of a failure; of the life of the program */
    const unsigned char *bytes;
    size_t length; /* 0: no message */
    uint32_t age;  /* seconds since it came */
} net_dns_reply;

/* `capacity` answers at most. */
net_dns_cache *net_dns_cache_new(size_t capacity);
void net_dns_cache_free(net_dns_cache *cache);

/* Remembers until `now` + `seconds`; with 0 it only forgets what was there. `name` is taken as it is: equal octets, equal name. */
void net_dns_cache_put(net_dns_cache *cache, const char *name, net_dns_type type, const net_dns_reply *reply,
                       int64_t now, uint32_t seconds);

/* False if nothing is remembered. What *reply points to lives until the cache next changes. */
bool net_dns_cache_find(net_dns_cache *cache, const char *name, net_dns_type type, int64_t now, net_dns_reply *reply);

size_t net_dns_cache_count(const net_dns_cache *cache);

#endif
