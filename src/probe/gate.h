/*
 * probe/gate.h: how many hosts may be at one place at once, and how soon one after another. A place is a registrable domain or an
 * IP address, known by a number; whoever finds it full waits there, in order. Time is an argument.
 */
#ifndef PROBE_GATE_H
#define PROBE_GATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whoever waits has one of these, and waits at one place at most. */
typedef struct probe_waiter {
    struct probe_waiter *next;
} probe_waiter;

typedef struct probe_gate probe_gate;   /* one place */
typedef struct probe_gates probe_gates; /* all of a kind */

/* `limit` at once, 0: any number; `pause` microseconds between two beginnings, 0: none. */
probe_gates *probe_gates_new(size_t limit, int64_t pause);
void probe_gates_free(probe_gates *gates);

/* The place `key`, which stays as long as somebody waits or is there, or its pause lasts. */
probe_gate *probe_gates_at(probe_gates *gates, uint64_t key);
/* How many places are kept. */
size_t probe_gates_count(const probe_gates *gates);

/* Goes in now; false if there is no room, or others wait already. */
bool probe_gate_enter(probe_gates *gates, probe_gate *gate, int64_t now);
void probe_gate_wait(probe_gates *gates, probe_gate *gate, probe_waiter *waiter, int64_t now);
void probe_gate_leave(probe_gates *gates, probe_gate *gate, int64_t now);

/* True if somebody who waited may go in. Places take turns. */
bool probe_gates_ready(probe_gates *gates, int64_t now);
/* Lets the next one in who waited, after probe_gates_ready said that there is one. */
probe_waiter *probe_gates_admit(probe_gates *gates, probe_gate **gate, int64_t now);

/* When a pause will be over that somebody waits for; -1: nobody does. */
int64_t probe_gates_due(const probe_gates *gates);

#endif
