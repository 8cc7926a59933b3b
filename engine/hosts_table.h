/*
 * The table itself: records, the index to them, and the order in which they were noted. No rule of RFC 6797 stands here
 * but expiry.
 */
#ifndef HF_ENGINE_HOSTS_TABLE_H
#define HF_ENGINE_HOSTS_TABLE_H

#include "hosts_evict.h"
#include "hosts_hash.h"
#include "hosts_index.h"
#include "hosts_memory.h"
#include "hosts_records.h"

struct hf_hosts {
    hf__memory memory;
    hf__index index;
    hf__hash seeded;
    size_t limit;
    int64_t min_expires; /* nothing expires before this; spares looking for what has */
    hf__ref oldest, newest;
    hf__evict evict;
    bool enforce_localhost;
    hf__records records;
};

/* The record of a key, or NULL. */
hf__record *hf__hosts_find(const hf_hosts *hosts, const hf__key *key);

/*
 * Puts an entry in, or in the place of the one with the same key, as the newest. *replaced tells which. When a new one
 * makes the table too full, others are evicted (see hf_hosts_options). HF_E_MEMORY, HF_E_FULL: then no entry in force
 * has changed.
 */
HF_MUST_USE hf_status hf__hosts_set(hf_hosts *hosts, const hf_entry *entry, int64_t now, bool *replaced);

/* Removes the record of a key. False if there is none. */
bool hf__hosts_remove(hf_hosts *hosts, const hf__key *key);

/* Removes every record for which `goes` is true. Returns how many went. */
size_t hf__hosts_remove_all(hf_hosts *hosts, bool (*goes)(const hf__record *record, const void *context),
                            const void *context);

size_t hf__hosts_remove_expired(hf_hosts *hosts, int64_t now);

/* Gives memory back after many entries went. Records move. */
void hf__hosts_give_back(hf_hosts *hosts);

#endif
