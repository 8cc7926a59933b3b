#include "agent/agent.h"

static void exchange(void *self, const net_request *request, base_arena *arena, facts_exchange *exchange,
                     void (*done)(void *self), void *done_self)
{
    probe_exchange(self, request, arena, exchange, done, done_self);
}

agent_wire agent_wire_of(const net_client *client)
{
    return (agent_wire){exchange, (void *)client};
}
