/*
 * io/loop.h: the event loop that every connection, query and server runs on, and timers and signals on it. One thread,
 * one loop.
 */
#ifndef IO_LOOP_H
#define IO_LOOP_H

#include <stdint.h>

typedef struct io_loop io_loop;
typedef struct io_timer io_timer;

/* Never NULL: a program that gets no loop (its descriptors are used up) cannot go on, and ends as without memory. */
io_loop *io_loop_new(void);
/* All that was started on the loop must have been freed before; streams that were left are closed. */
void io_loop_free(io_loop *loop);

/* Runs until nothing is left to wait for, or until io_loop_stop. May be called again. */
void io_loop_run(io_loop *loop);
/* Ends the run that is under way; without one it does nothing, so that the next run is not ended by what came before.
 */
void io_loop_stop(io_loop *loop);
/* Runs until SIGINT or SIGTERM comes, or io_loop_stop. Once in the life of a loop. */
void io_loop_run_until_signal(io_loop *loop);

/* Milliseconds of a clock that only goes forward. */
int64_t io_loop_now(io_loop *loop);

/* `fire(self)` once, `milliseconds` after each start; a start replaces the one before. */
io_timer *io_timer_new(io_loop *loop, void (*fire)(void *self), void *self);
void io_timer_start(io_timer *timer, int64_t milliseconds);
void io_timer_stop(io_timer *timer);
/* From now on this timer alone keeps no loop running. */
void io_timer_background(io_timer *timer);
void io_timer_free(io_timer *timer);

#endif
