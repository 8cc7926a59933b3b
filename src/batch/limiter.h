/*
 * batch/limiter.h: how many hosts may be at one place at once, and how soon one after another. A place is a
 * registrable domain or an IP address, known by a number; whoever finds it full waits there, in order. Time is an
 * argument.
 */
#ifndef BATCH_LIMITER_H
#define BATCH_LIMITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whoever waits has one of these, and waits at one place at most. */
typedef struct batch_waiter {
    struct batch_waiter *next;
} batch_waiter;

typedef struct batch_limiter batch_limiter;   /* one place */
typedef struct batch_limiters batch_limiters; /* all of a kind */

/* `limit` at once, 0: any number; `pause` microseconds between two beginnings, 0: none. */
batch_limiters *batch_limiters_new(size_t limit, int64_t pause);
void batch_limiters_free(batch_limiters *gates);

/* The place `key`, which stays as long as somebody waits or is there, or its pause lasts. */
batch_limiter *batch_limiters_at(batch_limiters *gates, uint64_t key);
/* How many places are kept. */
size_t batch_limiters_count(const batch_limiters *gates);

/* Goes in now; false if there is no room, or others wait already. */
bool batch_limiter_enter(batch_limiters *gates, batch_limiter *gate, int64_t now);
void batch_limiter_wait(batch_limiters *gates, batch_limiter *gate, batch_waiter *waiter, int64_t now);
void batch_limiter_leave(batch_limiters *gates, batch_limiter *gate, int64_t now);

/* True if somebody who waited may go in. Places take turns. */
bool batch_limiters_ready(batch_limiters *gates, int64_t now);
/* Lets the next one in who waited, after batch_limiters_ready said that there is one. */
batch_waiter *batch_limiters_admit(batch_limiters *gates, batch_limiter **gate, int64_t now);

/* When a pause will be over that somebody waits for; -1: nobody does. */
int64_t batch_limiters_due(const batch_limiters *gates);

#endif
