#include "batch/limiter.h"

#include "batch/heap.h"

#include "base/memory.h"

#include <stdlib.h>

#define BUCKETS 16384 /* a power of two */

struct batch_limiter {
    batch_limiter *next; /* in its bucket */
    batch_limiter *next_ready;
    uint64_t key;
    size_t inside;
    int64_t open_at; /* the pause lasts until then */
    batch_waiter *first, *last;
    bool ready; /* stands in the queue of places that may let somebody in */
    bool timed; /* stands in the heap, until open_at */
};

struct batch_limiters {
    size_t limit;
    int64_t pause;
    size_t count;
    batch_heap pauses;
    batch_limiter *first_ready, *last_ready;
    batch_limiter *buckets[BUCKETS];
};

batch_limiters *batch_limiters_new(size_t limit, int64_t pause)
{
    batch_limiters *gates = base_allocate(sizeof *gates);

    gates->limit = limit > 0 ? limit : SIZE_MAX;
    gates->pause = pause;
    return gates;
}

void batch_limiters_free(batch_limiters *gates)
{
    if (gates == NULL)
        return;
    for (size_t i = 0; i < BUCKETS; i++)
        for (batch_limiter *gate = gates->buckets[i], *next; gate != NULL; gate = next) {
            next = gate->next;
            free(gate);
        }
    batch_heap_done(&gates->pauses);
    free(gates);
}

size_t batch_limiters_count(const batch_limiters *gates)
{
    return gates->count;
}

static batch_limiter **bucket_of(batch_limiters *gates, uint64_t key)
{
    return &gates->buckets[(key ^ key >> 32) & (BUCKETS - 1)];
}

batch_limiter *batch_limiters_at(batch_limiters *gates, uint64_t key)
{
    batch_limiter **bucket = bucket_of(gates, key), *gate;

    for (gate = *bucket; gate != NULL; gate = gate->next)
        if (gate->key == key)
            return gate;
    gate = base_allocate(sizeof *gate);
    gate->key = key;
    gate->next = *bucket;
    *bucket = gate;
    gates->count++;
    return gate;
}

static void forget(batch_limiters *gates, batch_limiter *gate)
{
    batch_limiter **at = bucket_of(gates, gate->key);

    while (*at != gate)
        at = &(*at)->next;
    *at = gate->next;
    gates->count--;
    free(gate);
}

/*
 * After a change: the place joins the queue if somebody may go in, or waits for the end of its pause, or is no longer
 * needed.
 */
static void settle(batch_limiters *gates, batch_limiter *gate, int64_t now)
{
    bool in_pause = now < gate->open_at;

    if (gate->ready || gate->timed)
        return;
    if (in_pause && (gate->first != NULL || gate->inside == 0)) {
        gate->timed = true;
        batch_heap_add(&gates->pauses, gate->open_at, gate);
    } else if (gate->first != NULL && gate->inside < gates->limit) {
        gate->ready = true;
        gate->next_ready = NULL;
        if (gates->first_ready != NULL)
            gates->last_ready->next_ready = gate;
        else
            gates->first_ready = gate;
        gates->last_ready = gate;
    } else if (gate->first == NULL && gate->inside == 0) {
        forget(gates, gate);
    }
}

static void go_in(const batch_limiters *gates, batch_limiter *gate, int64_t now)
{
    gate->inside++;
    gate->open_at = gates->pause > 0 ? now + gates->pause : 0;
}

bool batch_limiter_enter(batch_limiters *gates, batch_limiter *gate, int64_t now)
{
    if (gate->first != NULL || gate->inside >= gates->limit || now < gate->open_at)
        return false;
    go_in(gates, gate, now);
    return true;
}

void batch_limiter_wait(batch_limiters *gates, batch_limiter *gate, batch_waiter *waiter, int64_t now)
{
    waiter->next = NULL;
    if (gate->first != NULL)
        gate->last->next = waiter;
    else
        gate->first = waiter;
    gate->last = waiter;
    settle(gates, gate, now);
}

void batch_limiter_leave(batch_limiters *gates, batch_limiter *gate, int64_t now)
{
    gate->inside--;
    settle(gates, gate, now);
}

bool batch_limiters_ready(batch_limiters *gates, int64_t now)
{
    batch_limiter *gate;

    while ((gate = batch_heap_take(&gates->pauses, now)) != NULL) {
        gate->timed = false;
        settle(gates, gate, now);
    }
    return gates->first_ready != NULL;
}

batch_waiter *batch_limiters_admit(batch_limiters *gates, batch_limiter **gate, int64_t now)
{
    batch_limiter *next = gates->first_ready;
    batch_waiter *waiter = next->first;

    gates->first_ready = next->next_ready;
    next->ready = false;
    next->first = waiter->next;
    go_in(gates, next, now);
    settle(gates, next, now);
    *gate = next;
    return waiter;
}

int64_t batch_limiters_due(const batch_limiters *gates)
{
    return batch_heap_next(&gates->pauses);
}
