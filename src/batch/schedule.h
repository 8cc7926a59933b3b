/*
 * batch/schedule.h: which of many hosts is to be touched when: at most so many at once, in all, for one registrable
 * domain and for one address; at most so many a second; and again after a failure that may pass, later each time.
 *
 * It decides and does nothing: no I/O, no clock (time is an argument, in microseconds of any clock that only goes
 * forward), no threads. A host is taken in (batch_schedule_take), begun when its domain has room (BATCH_STEP_BEGIN:
 * find its addresses), told of (batch_schedule_found), goes on when its address has room (BATCH_STEP_GO), and ends
 * (batch_schedule_end). Who waits holds up nobody else, until BATCH_WAITING_MAX wait; then no more are taken in.
 * Hosts of one domain keep their order, domains take turns.
 */
#ifndef BATCH_SCHEDULE_H
#define BATCH_SCHEDULE_H

#include "batch/limiter.h"
#include "holdfast/host.h"

#define BATCH_CONCURRENCY_MAX 16384
#define BATCH_WAITING_MAX 4096

typedef struct batch_limits {
    size_t concurrency;             /* hosts at work at once, 1 to BATCH_CONCURRENCY_MAX */
    size_t per_domain, per_address; /* of these at once for one registrable domain, for one address; 0: any number */
    int64_t pause;                  /* microseconds between two beginnings at one domain, and at one address */
    double rate;                    /* beginnings a second; 0: any number */
    unsigned retries;               /* further tries after a failure that may pass */
    int64_t back_off;               /* microseconds before the first of these; doubled for each that follows */
    uint64_t seed;                  /* of the chance that keeps retries from marching in step */
} batch_limits;

typedef enum batch_stage {
    BATCH_STAGE_DOMAIN,
    BATCH_STAGE_AT_WORK,
    BATCH_STAGE_ADDRESS,
    BATCH_STAGE_RETRY
} batch_stage;

/* A host on its way. What stands first is for the caller to read, `worker` and `crashes` are the caller's own. */
typedef struct batch_item {
    uint64_t index; /* its place in the input */
    hf_host host;
    int port;
    unsigned tries; /* begun, this one included */
    size_t slot;    /* below batch_schedule_capacity; no other host that is on its way has it */
    int worker;
    unsigned crashes;
    /* Of the stream. */
    batch_waiter waiter;
    batch_stage stage;
    batch_limiter *domain, *address; /* NULL: not there */
} batch_item;

typedef enum batch_step {
    BATCH_STEP_NONE,
    BATCH_STEP_BEGIN, /* find the addresses of *item, and tell */
    BATCH_STEP_GO,    /* *item was told to wait, and may go on */
} batch_step;

typedef struct batch_schedule batch_schedule;

batch_schedule *batch_schedule_new(const batch_limits *limits);
void batch_schedule_free(batch_schedule *stream);

/* How many hosts it holds at most. */
size_t batch_schedule_capacity(const batch_schedule *stream);
/* How many it holds; of these, how many are at work. */
size_t batch_schedule_held(const batch_schedule *stream);
size_t batch_schedule_at_work(const batch_schedule *stream);
/* False: take no more in before something has ended. */
bool batch_schedule_has_room(const batch_schedule *stream);

void batch_schedule_take(batch_schedule *stream, uint64_t index, const hf_host *host, int port, int64_t now);

/* What is to be done now; call it until it says BATCH_STEP_NONE. */
batch_step batch_schedule_next(batch_schedule *stream, int64_t now, batch_item **item);
/* Nothing is begun any more. */
void batch_schedule_stop(batch_schedule *stream);
/* When to call batch_schedule_next again though nothing has happened; -1: not before. */
int64_t batch_schedule_due(batch_schedule *stream, int64_t now);

/* An item at work leads to the address `key`. True: it may go on. False: it is to wait for BATCH_STEP_GO. */
bool batch_schedule_found(batch_schedule *stream, batch_item *item, uint64_t key, int64_t now);

/* An item at work has failed or not. True: it will be tried again. False: it is over, and gone. */
bool batch_schedule_end(batch_schedule *stream, batch_item *item, bool may_pass, int64_t now);

/* The item that has the slot; NULL: none. */
batch_item *batch_schedule_item(const batch_schedule *stream, size_t slot);

#endif
