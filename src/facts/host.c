#include "facts/host.h"

void facts_host_init(facts_host *facts, const hf_host *host, int port)
{
    memset(facts, 0, sizeof *facts);
    facts->host = *host;
    facts->port = port;
    facts->https.secure = true;
}

void facts_host_done(facts_host *facts)
{
    base_arena_done(&facts->arena);
}

void facts_host_json(const facts_host *facts, base_json *json)
{
    base_json_object_begin(json);
    base_json_key(json, "https");
    facts_exchange_json(&facts->https, json);
    base_json_object_end(json);
}
