#include "http/budget.h"

#include <time.h>

/* The numbers are ours: no browser has such limits. */
static bool refuse(facts_phase phase, const char *what, facts_failure *failure)
{
    *failure = facts_failure_make(phase, FACTS_FAILURE_HOST_BUDGET, what);
    return false;
}

bool http_budget_has_room(const http_budget *budget, size_t octets, facts_phase phase, facts_failure *failure)
{
    size_t used = budget != NULL ? budget->arena->taken + budget->held : 0;

    if (budget == NULL || (used < budget->memory && octets <= budget->memory - used))
        return true;
    return refuse(phase, "memory", failure);
}

void http_budget_hold(http_budget *budget, size_t octets)
{
    if (budget != NULL)
        budget->held += octets;
}

void http_budget_release(http_budget *budget, size_t octets)
{
    if (budget != NULL)
        budget->held -= octets;
}

bool http_budget_has_time(const http_budget *budget, facts_failure *failure)
{
    if (budget == NULL || budget->cpu_used < budget->cpu)
        return true;
    return refuse(FACTS_PHASE_TLS, "CPU time", failure);
}

bool http_budget_connect(http_budget *budget, facts_failure *failure)
{
    if (budget == NULL)
        return true;
    if (budget->connections_used >= budget->connections)
        return refuse(FACTS_PHASE_CONNECT, "connections", failure);
    budget->connections_used++;
    return http_budget_has_time(budget, failure) && http_budget_has_room(budget, 1, FACTS_PHASE_CONNECT, failure);
}

int64_t http_budget_clock(void)
{
    struct timespec spent;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
    return (int64_t)spent.tv_sec * 1000000000 + spent.tv_nsec;
}
