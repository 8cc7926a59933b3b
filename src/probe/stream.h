/*
 * probe/stream.h: which of many hosts is to be touched when: at most so many at once, in all, for one registrable domain and for one
 * address; at most so many a second; and again after a failure that may pass, later each time.
 *
 * It decides and does nothing: no I/O, no clock (time is an argument, in microseconds of any clock that only goes forward), no
 * threads. A host is taken in (probe_stream_take), begun when its domain has room (PROBE_STEP_BEGIN: find its addresses), told of
 * (probe_stream_found), goes on when its address has room (PROBE_STEP_GO), and ends (probe_stream_end). Who waits holds up nobody
 * else, until PROBE_WAITING_MAX wait; then no more are taken in. Hosts of one domain keep their order, domains take turns.
 */
#ifndef PROBE_STREAM_H
#define PROBE_STREAM_H

#include "holdfast/host.h"
#include "probe/gate.h"

#define PROBE_CONCURRENCY_MAX 16384
#define PROBE_WAITING_MAX 4096

typedef struct probe_limits {
    size_t concurrency;             /* hosts at work at once, 1 to PROBE_CONCURRENCY_MAX */
    size_t per_domain, per_address; /* of these at once for one registrable domain, for one address; 0: any number */
    int64_t pause;                  /* microseconds between two beginnings at one domain, and at one address */
    double rate;                    /* beginnings a second; 0: any number */
    unsigned retries;               /* further tries after a failure that may pass */
    int64_t back_off;               /* microseconds before the first of these; doubled for each that follows */
    uint64_t seed;                  /* of the chance that keeps retries from marching in step */
} probe_limits;

typedef enum probe_stage {
    PROBE_STAGE_DOMAIN,
    PROBE_STAGE_AT_WORK,
    PROBE_STAGE_ADDRESS,
    PROBE_STAGE_RETRY
} probe_stage;

/* A host on its way. What stands first is for the caller to read, `job` and `crashes` are the caller's own. */
typedef struct probe_item {
    uint64_t index; /* its place in the input */
    hf_host host;
    int port;
    unsigned tries; /* begun, this one included */
    size_t slot;    /* below probe_stream_capacity; no other host that is on its way has it */
    int job;
    unsigned crashes;
    /* Of the stream. */
    probe_waiter waiter;
    probe_stage stage;
    probe_gate *domain, *address; /* NULL: not there */
} probe_item;

typedef enum probe_step {
    PROBE_STEP_NONE,
    PROBE_STEP_BEGIN, /* find the addresses of *item, and tell */
    PROBE_STEP_GO,    /* *item was told to wait, and may go on */
} probe_step;

typedef struct probe_stream probe_stream;

probe_stream *probe_stream_new(const probe_limits *limits);
void probe_stream_free(probe_stream *stream);

/* How many hosts it holds at most. */
size_t probe_stream_capacity(const probe_stream *stream);
/* How many it holds; of these, how many are at work. */
size_t probe_stream_held(const probe_stream *stream);
size_t probe_stream_at_work(const probe_stream *stream);
/* False: take no more in before something has ended. */
bool probe_stream_has_room(const probe_stream *stream);

void probe_stream_take(probe_stream *stream, uint64_t index, const hf_host *host, int port, int64_t now);

/* What is to be done now; call it until it says PROBE_STEP_NONE. */
probe_step probe_stream_next(probe_stream *stream, int64_t now, probe_item **item);
/* Nothing is begun any more. */
void probe_stream_stop(probe_stream *stream);
/* When to call probe_stream_next again though nothing has happened; -1: not before. */
int64_t probe_stream_due(probe_stream *stream, int64_t now);

/* An item at work leads to the address `key`. True: it may go on. False: it is to wait for PROBE_STEP_GO. */
bool probe_stream_found(probe_stream *stream, probe_item *item, uint64_t key, int64_t now);

/* An item at work has failed or not. True: it will be tried again. False: it is over, and gone. */
bool probe_stream_end(probe_stream *stream, probe_item *item, bool may_pass, int64_t now);

/* The item that has the slot; NULL: none. */
probe_item *probe_stream_item(const probe_stream *stream, size_t slot);

#endif
