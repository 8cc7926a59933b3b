#include "probe/stream.h"

#include "probe/heap.h"

#include "base/domain.h"
#include "base/hash.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

#define BACK_OFF_MAX INT64_C(60000000)
#define GATES_MAX 65536      /* places kept for their pause alone: beyond, no more are taken in */
#define BURST INT64_C(50000) /* microseconds whose beginnings may be made up for at once */

struct probe_stream {
    probe_limits limits;
    probe_gates *domains, *addresses;
    probe_heap retries;
    probe_item **items; /* by slot */
    size_t *free_slots;
    size_t capacity, held, at_work;
    int64_t next_beginning;
    uint64_t chance;
    bool stopped;
};

probe_stream *probe_stream_new(const probe_limits *limits)
{
    probe_stream *stream = base_allocate(sizeof *stream);

    stream->limits = *limits;
    stream->capacity = limits->concurrency + PROBE_WAITING_MAX;
    stream->domains = probe_gates_new(limits->per_domain, limits->pause);
    stream->addresses = probe_gates_new(limits->per_address, limits->pause);
    stream->items = base_allocate(stream->capacity * sizeof(probe_item *));
    stream->free_slots = base_allocate(stream->capacity * sizeof *stream->free_slots);
    for (size_t i = 0; i < stream->capacity; i++)
        stream->free_slots[i] = stream->capacity - 1 - i;
    stream->chance = limits->seed | 1;
    return stream;
}

void probe_stream_free(probe_stream *stream)
{
    if (stream == NULL)
        return;
    for (size_t i = 0; i < stream->capacity; i++)
        free(stream->items[i]);
    free(stream->items);
    free(stream->free_slots);
    probe_gates_free(stream->domains);
    probe_gates_free(stream->addresses);
    probe_heap_done(&stream->retries);
    free(stream);
}

size_t probe_stream_capacity(const probe_stream *stream)
{
    return stream->capacity;
}

size_t probe_stream_held(const probe_stream *stream)
{
    return stream->held;
}

size_t probe_stream_at_work(const probe_stream *stream)
{
    return stream->at_work;
}

bool probe_stream_has_room(const probe_stream *stream)
{
    return !stream->stopped && stream->held < stream->capacity && probe_gates_count(stream->domains) < GATES_MAX &&
           probe_gates_count(stream->addresses) < GATES_MAX;
}

probe_item *probe_stream_item(const probe_stream *stream, size_t slot)
{
    return slot < stream->capacity ? stream->items[slot] : NULL;
}

/* Where nothing is limited all hosts stand in one queue. */
static uint64_t domain_key(const probe_stream *stream, const hf_host *host)
{
    hf_host domain;

    if (stream->limits.per_domain == 0 && stream->limits.pause == 0)
        return 0;
    base_domain_of(host, &domain);
    return base_hash(BASE_HASH_START, domain.name, domain.length);
}

static void wait_for_domain(probe_stream *stream, probe_item *item, int64_t now)
{
    item->stage = PROBE_STAGE_DOMAIN;
    probe_gate_wait(stream->domains, probe_gates_at(stream->domains, domain_key(stream, &item->host)), &item->waiter,
                    now);
}

void probe_stream_take(probe_stream *stream, uint64_t index, const hf_host *host, int port, int64_t now)
{
    probe_item *item = base_allocate(sizeof *item);

    *item = (probe_item){.index = index, .host = *host, .port = port, .job = -1};
    item->slot = stream->free_slots[stream->capacity - 1 - stream->held++];
    stream->items[item->slot] = item;
    wait_for_domain(stream, item, now);
}

static probe_item *item_of(probe_waiter *waiter)
{
    return (probe_item *)(void *)((char *)waiter - offsetof(probe_item, waiter));
}

static bool rate_allows(const probe_stream *stream, int64_t now)
{
    return stream->limits.rate <= 0 || now >= stream->next_beginning;
}

static void count_beginning(probe_stream *stream, int64_t now)
{
    if (stream->limits.rate <= 0)
        return;
    if (stream->next_beginning < now - BURST)
        stream->next_beginning = now - BURST;
    stream->next_beginning += (int64_t)(1e6 / stream->limits.rate);
}

static probe_item *admit(probe_stream *stream, probe_gates *gates, bool to_domain, int64_t now)
{
    probe_gate *gate;
    probe_item *item = item_of(probe_gates_admit(gates, &gate, now));

    *(to_domain ? &item->domain : &item->address) = gate;
    item->stage = PROBE_STAGE_AT_WORK;
    stream->at_work++;
    return item;
}

probe_step probe_stream_next(probe_stream *stream, int64_t now, probe_item **item)
{
    probe_item *again;

    if (stream->stopped)
        return PROBE_STEP_NONE;
    while ((again = probe_heap_take(&stream->retries, now)) != NULL)
        wait_for_domain(stream, again, now);
    if (stream->at_work == stream->limits.concurrency)
        return PROBE_STEP_NONE;
    if (probe_gates_ready(stream->addresses, now)) {
        *item = admit(stream, stream->addresses, false, now);
        return PROBE_STEP_GO;
    }
    if (!probe_gates_ready(stream->domains, now) || !rate_allows(stream, now))
        return PROBE_STEP_NONE;
    count_beginning(stream, now);
    *item = admit(stream, stream->domains, true, now);
    (*item)->tries++;
    return PROBE_STEP_BEGIN;
}

void probe_stream_stop(probe_stream *stream)
{
    stream->stopped = true;
}

static int64_t earlier(int64_t a, int64_t b)
{
    if (a < 0 || b < 0)
        return a < 0 ? b : a;
    return a < b ? a : b;
}

int64_t probe_stream_due(probe_stream *stream, int64_t now)
{
    int64_t due;

    /* While all that may be at work are, only an end changes anything: a pause that is over stays so until then. */
    if (stream->stopped || stream->at_work == stream->limits.concurrency)
        return -1;
    due = earlier(probe_heap_next(&stream->retries),
                  earlier(probe_gates_due(stream->domains), probe_gates_due(stream->addresses)));
    if (probe_gates_ready(stream->domains, now))
        due = earlier(due, stream->next_beginning);
    return due;
}

static void leave(probe_gates *gates, probe_gate **gate, int64_t now)
{
    if (*gate != NULL)
        probe_gate_leave(gates, *gate, now);
    *gate = NULL;
}

bool probe_stream_found(probe_stream *stream, probe_item *item, uint64_t key, int64_t now)
{
    probe_gate *gate;

    leave(stream->addresses, &item->address, now);
    if (stream->limits.per_address == 0 && stream->limits.pause == 0)
        return true;
    gate = probe_gates_at(stream->addresses, key);
    if (probe_gate_enter(stream->addresses, gate, now)) {
        item->address = gate;
        return true;
    }
    item->stage = PROBE_STAGE_ADDRESS;
    stream->at_work--;
    probe_gate_wait(stream->addresses, gate, &item->waiter, now);
    return false;
}

/* xorshift64*; a number from 0 to 1. */
static double draw(probe_stream *stream)
{
    uint64_t x = stream->chance;

    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    stream->chance = x;
    return (double)((x * UINT64_C(0x2545f4914f6cdd1d)) >> 11) / (double)(UINT64_C(1) << 53);
}

/* Between half of it and the whole of it. */
static int64_t back_off(probe_stream *stream, unsigned tries)
{
    int64_t delay = stream->limits.back_off;

    while (--tries > 0 && delay < BACK_OFF_MAX)
        delay *= 2;
    delay = delay < BACK_OFF_MAX ? delay : BACK_OFF_MAX;
    return (int64_t)((double)delay * (0.5 + draw(stream) / 2));
}

bool probe_stream_end(probe_stream *stream, probe_item *item, bool may_pass, int64_t now)
{
    leave(stream->addresses, &item->address, now);
    leave(stream->domains, &item->domain, now);
    stream->at_work--;
    if (may_pass && item->tries <= stream->limits.retries) {
        item->stage = PROBE_STAGE_RETRY;
        probe_heap_add(&stream->retries, now + back_off(stream, item->tries), item);
        return true;
    }
    stream->items[item->slot] = NULL;
    stream->free_slots[stream->capacity - stream->held--] = item->slot;
    free(item);
    return false;
}
