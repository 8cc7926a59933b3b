/*
 * net/loop.h: the event loop that everything in net runs on, and timers and signals on it. One thread, one loop.
 */
#ifndef NET_LOOP_H
#define NET_LOOP_H

#include <stdint.h>

typedef struct net_loop net_loop;
typedef struct net_timer net_timer;

/* Never NULL: a program that gets no loop (its descriptors are used up) cannot go on, and ends as without memory. */
net_loop *net_loop_new(void);
/* Whatever was started on the loop must have been freed before. */
void net_loop_free(net_loop *loop);

/* Runs until nothing is left to wait for, or until net_loop_stop. May be called again. */
void net_loop_run(net_loop *loop);
void net_loop_stop(net_loop *loop);
/* Runs until SIGINT or SIGTERM comes, or net_loop_stop. Once in the life of a loop. */
void net_loop_run_until_signal(net_loop *loop);

/* Milliseconds of a clock that only goes forward. */
int64_t net_loop_now(net_loop *loop);

/* `fire(self)` once, `milliseconds` after each start; a start replaces the one before. */
net_timer *net_timer_new(net_loop *loop, void (*fire)(void *self), void *self);
void net_timer_start(net_timer *timer, int64_t milliseconds);
void net_timer_stop(net_timer *timer);
void net_timer_free(net_timer *timer);

#endif
