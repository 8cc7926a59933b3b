#include "facts/redirects.h"

#include "base/domain.h"

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
    if (hop->host.kind != host->kind)
        return false;
    if (host->kind != HF_HOST_NAME)
        return strcmp(hop->host.name, host->name) == 0;
    return base_domain_is_within(hop->host.name, host->name) || base_domain_is_within(host->name, hop->host.name);
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
