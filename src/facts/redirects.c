#include "facts/redirects.h"

#include <string.h>

static const char *const ends[] = {
#define FACTS_X(symbol, name) name,
    FACTS_END_MAP(FACTS_X)
#undef FACTS_X
};

const char *facts_end_name(facts_end end)
{
    return ends[end];
}

bool facts_hop_is_of_site(const facts_hop *hop, const hf_host *host)
{
    const hf_host *longer = hop->host.length > host->length ? &hop->host : host;
    const hf_host *shorter = longer == host ? &hop->host : host;
    const char *tail = longer->name + (longer->length - shorter->length);

    if (hop->host.kind != host->kind || strcmp(tail, shorter->name) != 0)
        return false;
    return tail == longer->name || (host->kind == HF_HOST_NAME && tail[-1] == '.');
}

void facts_hop_json(const facts_hop *hop, base_json *json)
{
    base_json_object_begin(json);
    base_json_key(json, "url");
    base_json_string(json, hop->url);
    if (hop->location != NULL)
        base_json_key_cut(json, "location", hop->location->data, hop->location->length, 0);
    else
        base_json_key_string(json, "location", NULL);
    base_json_key(json, "to");
    base_json_string(json, hop->to);
    base_json_key(json, "exchange");
    facts_exchange_json(&hop->exchange, json);
    base_json_object_end(json);
}

void facts_redirects_json(const facts_redirects *chain, base_json *json)
{
    if (chain->count == 0) {
        base_json_null(json);
        return;
    }
    base_json_object_begin(json);
    base_json_key(json, "end");
    base_json_string(json, facts_end_name(chain->end));
    base_json_key(json, "hops");
    base_json_array_begin(json);
    for (size_t i = 0; i < chain->count; i++)
        facts_hop_json(chain->hops[i], json);
    base_json_array_end(json);
    base_json_object_end(json);
}
