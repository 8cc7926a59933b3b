#include "agent/agent.h"

static void exchange(void *self, const http_request *request, base_arena *arena, facts_exchange *exchange,
                     void (*done)(void *self), void *done_self)
{
    http_fetch(self, request, arena, exchange, done, done_self);
}

agent_transport agent_transport_of(const http_client *client)
{
    return (agent_transport){exchange, (void *)client};
}
