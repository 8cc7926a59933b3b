/*
 * http/budget.h: what one host may cost us, however many requests are made of it. Beyond it a request fails with
 * FACTS_FAILURE_HOST_BUDGET, which says nothing about the host.
 */
#ifndef HTTP_BUDGET_H
#define HTTP_BUDGET_H

#include "facts/failure.h"

#include "base/memory.h"

#define HTTP_BUDGET_MEMORY ((size_t)2 << 20) /* octets of facts, and of heads on their way to be facts */
#define HTTP_BUDGET_CPU INT64_C(5000000000)  /* nanoseconds, of TLS: nothing else takes as much */
#define HTTP_BUDGET_CONNECTIONS 128          /* more than the longest chains and the most addresses come to */

typedef struct http_budget {
    const base_arena *arena; /* where the facts lie */
    size_t memory;
    int64_t cpu;
    size_t connections;
    /* What has been used of it. */
    size_t held; /* octets that are not in the arena yet, or not any more */
    int64_t cpu_used;
    size_t connections_used;
} http_budget;

#define HTTP_BUDGET_OF(facts)                                                                                          \
    ((http_budget){.arena = (facts),                                                                                   \
                   .memory = HTTP_BUDGET_MEMORY,                                                                       \
                   .cpu = HTTP_BUDGET_CPU,                                                                             \
                   .connections = HTTP_BUDGET_CONNECTIONS})

/* A budget of NULL has no end. `phase`: of the failure, which is set when the answer is false. */

/* Whether there is room for so many octets more. */
bool http_budget_has_room(const http_budget *budget, size_t octets, facts_phase phase, facts_failure *failure);
/* Holds them, whatever the room; and gives them back. */
void http_budget_hold(http_budget *budget, size_t octets);
void http_budget_release(http_budget *budget, size_t octets);
/* Another connection. */
bool http_budget_connect(http_budget *budget, facts_failure *failure);
/* Whether there is time left. */
bool http_budget_has_time(const http_budget *budget, facts_failure *failure);

/* Nanoseconds that this thread has computed so far. */
int64_t http_budget_clock(void);

#endif
