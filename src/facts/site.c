#include "facts/site.h"

#include "facts/clock.h"
#include <stdio.h>

static const char *const depths[] = {
#define FACTS_X(symbol, name) name,
    FACTS_DEPTH_MAP(FACTS_X)
#undef FACTS_X
};

const char *facts_depth_name(facts_depth depth)
{
    return depths[depth];
}

void facts_site_init(facts_site *site, const hf_host *host, int port)
{
    memset(site, 0, sizeof *site);
    site->host = *host;
    site->depth = FACTS_DEPTH_STANDARD;
    site->target = "/";
    site->port = port;
}

void facts_site_done(facts_site *site)
{
    base_arena_done(&site->arena);
}

const facts_exchange *facts_site_https(const facts_site *site)
{
    const facts_redirects *chain = &site->chains[FACTS_HTTPS];

    return chain->count > 0 ? &chain->hops[0]->exchange : NULL;
}

static void write_name_covered(const facts_certificate *leaf, const char *name, base_json *json)
{
    base_json_object_begin(json);
    base_json_key_string(json, "name", name);
    base_json_key_bool(json, "covered", facts_certificate_covers(leaf, name));
    base_json_object_end(json);
}

/* Which of the names in question the certificate of https://HOST is for. */
static void write_coverage(const facts_site *site, base_json *json)
{
    const facts_exchange *https = facts_site_https(site);
    const facts_certificate *leaf = https != NULL && https->tls.certificate_count > 0 ? https->tls.certificates : NULL;
    char www[HF_HOST_MAX + sizeof "www."];

    base_json_array_begin(json);
    if (leaf != NULL && site->host.kind == HF_HOST_NAME) {
        write_name_covered(leaf, site->host.name, json);
        snprintf(www, sizeof www, "www.%s", site->host.name);
        if (site->registrable)
            write_name_covered(leaf, www, json);
        for (size_t i = 0; i < site->also_name_count; i++)
            write_name_covered(leaf, site->also_names[i], json);
    }
    base_json_array_end(json);
}

void facts_site_limit_json(base_json *json)
{
    json->octets_left = FACTS_OCTETS_MAX;
    json->base64_left = FACTS_CERTIFICATES_MAX;
}

void facts_site_json(const facts_site *site, base_json *json)
{
    base_json_object_begin(json);
    for (facts_way way = 0; way < FACTS_WAYS; way++) {
        base_json_key(json, facts_way_name(way));
        facts_redirects_json(&site->chains[way], json);
    }
    base_json_key(json, "further");
    base_json_array_begin(json);
    for (size_t i = 0; i < site->further.count; i++)
        facts_hop_json(site->further.hops[i], json);
    base_json_array_end(json);
    base_json_key(json, "coverage");
    write_coverage(site, json);
    base_json_key(json, "endpoints");
    facts_endpoints_json(site->endpoints, json);
    base_json_key(json, "default_host");
    facts_default_host_json(&site->default_host, json);
    base_json_key(json, "key_certificates");
    facts_key_certificates_json(&site->key_certificates, json);
    base_json_key(json, "large_hello");
    facts_large_hello_json(&site->large_hello, json);
    base_json_key(json, "mended");
    facts_mended_json(&site->mended, json);
    base_json_key(json, "tls_offers");
    facts_offers_json(&site->offers, json);
    base_json_key(json, "answers");
    facts_answers_json(&site->answers, json);
    base_json_key(json, "clock");
    facts_clock_json(site, json);
    base_json_key(json, "names");
    facts_names_json(&site->names, json);
    base_json_key(json, "subdomains");
    facts_subdomains_json(&site->subdomains, json);
    base_json_object_end(json);
}

static void write_listing(const facts_listing *listing, base_json *json)
{
    base_json_object_begin(json);
    base_json_key(json, "browsers");
    base_json_string(json, listing->browsers);
    base_json_key(json, "list");
    base_json_string(json, listing->list);
    base_json_key(json, "date");
    base_json_time(json, listing->list_time);
    base_json_key(json, "stale");
    base_json_bool(json, listing->stale);
    base_json_key(json, "preloaded");
    if (listing->matched != NULL || listing->list != NULL)
        base_json_bool(json, listing->matched != NULL);
    else
        base_json_null(json);
    base_json_key(json, "matched");
    base_json_string(json, listing->matched);
    base_json_key(json, "include_subdomains");
    base_json_bool(json, listing->include_subdomains);
    base_json_object_end(json);
}

void facts_listings_json(const facts_site *site, base_json *json)
{
    base_json_array_begin(json);
    for (size_t i = 0; i < site->listing_count; i++)
        write_listing(&site->listings[i], json);
    base_json_array_end(json);
}
