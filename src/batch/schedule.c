#include "batch/schedule.h"

#include "batch/heap.h"

#include "base/domain.h"
#include "base/hash.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

#define BACK_OFF_MAX INT64_C(60000000)
#define GATES_MAX 65536      /* places kept for their pause alone: beyond, no more are taken in */
#define BURST INT64_C(50000) /* microseconds whose beginnings may be made up for at once */

struct batch_schedule {
    batch_limits limits;
    batch_limiters *domains, *addresses;
    batch_heap retries;
    batch_item **items; /* by slot */
    size_t *free_slots;
    size_t capacity, held, at_work;
    int64_t next_beginning;
    uint64_t chance;
    bool stopped;
};

batch_schedule *batch_schedule_new(const batch_limits *limits)
{
    batch_schedule *stream = base_allocate(sizeof *stream);

    stream->limits = *limits;
    stream->capacity = limits->concurrency + BATCH_WAITING_MAX;
    stream->domains = batch_limiters_new(limits->per_domain, limits->pause);
    stream->addresses = batch_limiters_new(limits->per_address, limits->pause);
    stream->items = base_allocate(stream->capacity * sizeof(batch_item *));
    stream->free_slots = base_allocate(stream->capacity * sizeof *stream->free_slots);
    for (size_t i = 0; i < stream->capacity; i++)
        stream->free_slots[i] = stream->capacity - 1 - i;
    stream->chance = limits->seed | 1;
    return stream;
}

void batch_schedule_free(batch_schedule *stream)
{
    if (stream == NULL)
        return;
    for (size_t i = 0; i < stream->capacity; i++)
        free(stream->items[i]);
    free(stream->items);
    free(stream->free_slots);
    batch_limiters_free(stream->domains);
    batch_limiters_free(stream->addresses);
    batch_heap_done(&stream->retries);
    free(stream);
}

size_t batch_schedule_capacity(const batch_schedule *stream)
{
    return stream->capacity;
}

size_t batch_schedule_held(const batch_schedule *stream)
{
    return stream->held;
}

size_t batch_schedule_at_work(const batch_schedule *stream)
{
    return stream->at_work;
}

bool batch_schedule_has_room(const batch_schedule *stream)
{
    return !stream->stopped && stream->held < stream->capacity && batch_limiters_count(stream->domains) < GATES_MAX &&
           batch_limiters_count(stream->addresses) < GATES_MAX;
}

batch_item *batch_schedule_item(const batch_schedule *stream, size_t slot)
{
    return slot < stream->capacity ? stream->items[slot] : NULL;
}

/* Where nothing is limited all hosts stand in one queue. */
static uint64_t domain_key(const batch_schedule *stream, const hf_host *host)
{
    hf_host domain;

    if (stream->limits.per_domain == 0 && stream->limits.pause == 0)
        return 0;
    base_domain_of(host, &domain);
    return base_hash(BASE_HASH_START, domain.name, domain.length);
}

static void wait_for_domain(batch_schedule *stream, batch_item *item, int64_t now)
{
    item->stage = BATCH_STAGE_DOMAIN;
    batch_limiter_wait(stream->domains, batch_limiters_at(stream->domains, domain_key(stream, &item->host)),
                       &item->waiter, now);
}

void batch_schedule_take(batch_schedule *stream, uint64_t index, const hf_host *host, int port, int64_t now)
{
    batch_item *item = base_allocate(sizeof *item);

    *item = (batch_item){.index = index, .host = *host, .port = port, .worker = -1};
    item->slot = stream->free_slots[stream->capacity - 1 - stream->held++];
    stream->items[item->slot] = item;
    wait_for_domain(stream, item, now);
}

static batch_item *item_of(batch_waiter *waiter)
{
    return (batch_item *)(void *)((char *)waiter - offsetof(batch_item, waiter));
}

static bool rate_allows(const batch_schedule *stream, int64_t now)
{
    return stream->limits.rate <= 0 || now >= stream->next_beginning;
}

static void count_beginning(batch_schedule *stream, int64_t now)
{
    if (stream->limits.rate <= 0)
        return;
    if (stream->next_beginning < now - BURST)
        stream->next_beginning = now - BURST;
    stream->next_beginning += (int64_t)(1e6 / stream->limits.rate);
}

static batch_item *admit(batch_schedule *stream, batch_limiters *gates, bool to_domain, int64_t now)
{
    batch_limiter *gate;
    batch_item *item = item_of(batch_limiters_admit(gates, &gate, now));

    *(to_domain ? &item->domain : &item->address) = gate;
    item->stage = BATCH_STAGE_AT_WORK;
    stream->at_work++;
    return item;
}

batch_step batch_schedule_next(batch_schedule *stream, int64_t now, batch_item **item)
{
    batch_item *again;

    if (stream->stopped)
        return BATCH_STEP_NONE;
    while ((again = batch_heap_take(&stream->retries, now)) != NULL)
        wait_for_domain(stream, again, now);
    if (stream->at_work == stream->limits.concurrency)
        return BATCH_STEP_NONE;
    if (batch_limiters_ready(stream->addresses, now)) {
        *item = admit(stream, stream->addresses, false, now);
        return BATCH_STEP_GO;
    }
    if (!batch_limiters_ready(stream->domains, now) || !rate_allows(stream, now))
        return BATCH_STEP_NONE;
    count_beginning(stream, now);
    *item = admit(stream, stream->domains, true, now);
    (*item)->tries++;
    return BATCH_STEP_BEGIN;
}

void batch_schedule_stop(batch_schedule *stream)
{
    stream->stopped = true;
}

static int64_t earlier(int64_t a, int64_t b)
{
    if (a < 0 || b < 0)
        return a < 0 ? b : a;
    return a < b ? a : b;
}

int64_t batch_schedule_due(batch_schedule *stream, int64_t now)
{
    int64_t due;

    /* While all that may be at work are, only an end changes anything: a pause that is over stays so until then. */
    if (stream->stopped || stream->at_work == stream->limits.concurrency)
        return -1;
    due = earlier(batch_heap_next(&stream->retries),
                  earlier(batch_limiters_due(stream->domains), batch_limiters_due(stream->addresses)));
    if (batch_limiters_ready(stream->domains, now))
        due = earlier(due, stream->next_beginning);
    return due;
}

static void leave(batch_limiters *gates, batch_limiter **gate, int64_t now)
{
    if (*gate != NULL)
        batch_limiter_leave(gates, *gate, now);
    *gate = NULL;
}

bool batch_schedule_found(batch_schedule *stream, batch_item *item, uint64_t key, int64_t now)
{
    batch_limiter *gate;

    leave(stream->addresses, &item->address, now);
    if (stream->limits.per_address == 0 && stream->limits.pause == 0)
        return true;
    gate = batch_limiters_at(stream->addresses, key);
    if (batch_limiter_enter(stream->addresses, gate, now)) {
        item->address = gate;
        return true;
    }
    item->stage = BATCH_STAGE_ADDRESS;
    stream->at_work--;
    batch_limiter_wait(stream->addresses, gate, &item->waiter, now);
    return false;
}

/* xorshift64*; a number from 0 to 1. */
static double draw(batch_schedule *stream)
{
    uint64_t x = stream->chance;

    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    stream->chance = x;
    return (double)((x * UINT64_C(0x2545f4914f6cdd1d)) >> 11) / (double)(UINT64_C(1) << 53);
}

/* Between half of it and the whole of it. */
static int64_t back_off(batch_schedule *stream, unsigned tries)
{
    int64_t delay = stream->limits.back_off;

    while (--tries > 0 && delay < BACK_OFF_MAX)
        delay *= 2;
    delay = delay < BACK_OFF_MAX ? delay : BACK_OFF_MAX;
    return (int64_t)((double)delay * (0.5 + draw(stream) / 2));
}

bool batch_schedule_end(batch_schedule *stream, batch_item *item, bool may_pass, int64_t now)
{
    leave(stream->addresses, &item->address, now);
    leave(stream->domains, &item->domain, now);
    stream->at_work--;
    if (may_pass && item->tries <= stream->limits.retries) {
        item->stage = BATCH_STAGE_RETRY;
        batch_heap_add(&stream->retries, now + back_off(stream, item->tries), item);
        return true;
    }
    stream->items[item->slot] = NULL;
    stream->free_slots[stream->capacity - stream->held--] = item->slot;
    free(item);
    return false;
}
