#include "probe/gate.h"

#include "probe/heap.h"

#include "base/memory.h"

#include <stdlib.h>

#define BUCKETS 16384 /* a power of two */

struct probe_gate {
    probe_gate *next; /* in its bucket */
    probe_gate *next_ready;
    uint64_t key;
    size_t inside;
    int64_t open_at; /* the pause lasts until then */
    probe_waiter *first, *last;
    bool ready; /* stands in the queue of places that may let somebody in */
    bool timed; /* stands in the heap, until open_at */
};

struct probe_gates {
    size_t limit;
    int64_t pause;
    size_t count;
    probe_heap pauses;
    probe_gate *first_ready, *last_ready;
    probe_gate *buckets[BUCKETS];
};

probe_gates *probe_gates_new(size_t limit, int64_t pause)
{
    probe_gates *gates = base_allocate(sizeof *gates);

    gates->limit = limit > 0 ? limit : SIZE_MAX;
    gates->pause = pause;
    return gates;
}

void probe_gates_free(probe_gates *gates)
{
    if (gates == NULL)
        return;
    for (size_t i = 0; i < BUCKETS; i++)
        for (probe_gate *gate = gates->buckets[i], *next; gate != NULL; gate = next) {
            next = gate->next;
            free(gate);
        }
    probe_heap_done(&gates->pauses);
    free(gates);
}

size_t probe_gates_count(const probe_gates *gates)
{
    return gates->count;
}

static probe_gate **bucket_of(probe_gates *gates, uint64_t key)
{
    return &gates->buckets[(key ^ key >> 32) & (BUCKETS - 1)];
}

probe_gate *probe_gates_at(probe_gates *gates, uint64_t key)
{
    probe_gate **bucket = bucket_of(gates, key), *gate;

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

static void forget(probe_gates *gates, probe_gate *gate)
{
    probe_gate **at = bucket_of(gates, gate->key);

    while (*at != gate)
        at = &(*at)->next;
    *at = gate->next;
    gates->count--;
    free(gate);
}

/* After a change: the place joins the queue if somebody may go in, or waits for the end of its pause, or is no longer needed. */
static void settle(probe_gates *gates, probe_gate *gate, int64_t now)
{
    bool in_pause = now < gate->open_at;

    if (gate->ready || gate->timed)
        return;
    if (in_pause && (gate->first != NULL || gate->inside == 0)) {
        gate->timed = true;
        probe_heap_add(&gates->pauses, gate->open_at, gate);
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

static void go_in(const probe_gates *gates, probe_gate *gate, int64_t now)
{
    gate->inside++;
    gate->open_at = gates->pause > 0 ? now + gates->pause : 0;
}

bool probe_gate_enter(probe_gates *gates, probe_gate *gate, int64_t now)
{
    if (gate->first != NULL || gate->inside >= gates->limit || now < gate->open_at)
        return false;
    go_in(gates, gate, now);
    return true;
}

void probe_gate_wait(probe_gates *gates, probe_gate *gate, probe_waiter *waiter, int64_t now)
{
    waiter->next = NULL;
    if (gate->first != NULL)
        gate->last->next = waiter;
    else
        gate->first = waiter;
    gate->last = waiter;
    settle(gates, gate, now);
}

void probe_gate_leave(probe_gates *gates, probe_gate *gate, int64_t now)
{
    gate->inside--;
    settle(gates, gate, now);
}

bool probe_gates_ready(probe_gates *gates, int64_t now)
{
    probe_gate *gate;

    while ((gate = probe_heap_take(&gates->pauses, now)) != NULL) {
        gate->timed = false;
        settle(gates, gate, now);
    }
    return gates->first_ready != NULL;
}

probe_waiter *probe_gates_admit(probe_gates *gates, probe_gate **gate, int64_t now)
{
    probe_gate *next = gates->first_ready;
    probe_waiter *waiter = next->first;

    gates->first_ready = next->next_ready;
    next->ready = false;
    next->first = waiter->next;
    go_in(gates, next, now);
    settle(gates, next, now);
    *gate = next;
    return waiter;
}

int64_t probe_gates_due(const probe_gates *gates)
{
    return probe_heap_next(&gates->pauses);
}
