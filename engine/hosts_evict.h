/*
 * Who goes when the table is full (see hf_hosts_options.limit): first what has expired, then what a parent covers, then
 * of the site with the most entries the one noted longest ago; never what was set by hand.
 *
 * To know the largest site all entries must be looked at. So a look chooses the next limit / 8 that will go, and they
 * are taken one by one: a note pays for eight entries looked at, whatever comes. In between, when the chosen ones were
 * renewed or moved, the oldest goes.
 */
#ifndef HF_ENGINE_HOSTS_EVICT_H
#define HF_ENGINE_HOSTS_EVICT_H

#include "holdfast/hosts.h"
#include "hosts_records.h"

typedef struct hf__evict {
    hf__ref *chosen; /* in the order in which they go; one that lost HF__RECORD_CHOSEN meanwhile stays */
    size_t count, next;
    size_t capacity;
    size_t added;   /* new hosts since the last look */
    hf__ref oldest; /* the oldest that was not set by hand; 0: none */
} hf__evict;

/* Looks at all entries if enough new hosts came since the last look: drops the expired ones, and chooses. */
void hf__evict_look(hf_hosts *hosts, int64_t now);

/* The entry that goes next; 0 if all that are left were set by hand. */
hf__ref hf__evict_next(hf_hosts *hosts);

/* The order of noting has changed: `ref` is linked as the newest; is about to be unlinked; has moved. */
void hf__evict_linked(hf_hosts *hosts, hf__ref ref);
void hf__evict_unlinking(hf_hosts *hosts, hf__ref ref);
void hf__evict_moved(hf_hosts *hosts, hf__ref from, hf__ref to);

/* Records were pushed together: the chosen ones are no longer where they were. */
void hf__evict_forget_chosen(hf_hosts *hosts);

void hf__evict_done(hf_hosts *hosts);

#endif
