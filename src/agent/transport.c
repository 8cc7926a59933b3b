#include "agent/agent.h"

#include "probe/https_record.h"

static void exchange(void *self, const http_request *request, base_arena *arena, facts_exchange *exchange,
                     void (*done)(void *self), void *done_self)
{
    http_fetch(self, request, arena, exchange, done, done_self);
}

static void find_record(void *self, const hf_host *host, void (*found)(void *self, bool has), void *found_self)
{
    probe_https_record(self, host, found, found_self);
}

agent_transport agent_transport_of(const http_client *client)
{
    return (agent_transport){exchange, (void *)client, find_record};
}
