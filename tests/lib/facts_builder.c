#include "lib/facts_builder.h"

/* Arrays have room for all that a test may add, so that what points into them stays where it is. */
static void *room(facts_site *site, size_t size)
{
    return base_arena_take(&site->arena, BUILD_MAX * size);
}

/* -- Hops ---------------------------------------------------------------------------------------------------------- */

void build_chain(facts_site *site, facts_tls *tls, const char *name)
{
    const char **names = base_arena_take(&site->arena, sizeof *names);
    facts_certificate *sent = room(site, sizeof *sent);
    facts_link *path = room(site, sizeof *path);

    names[0] = name;
    sent[0] = (facts_certificate){.subject = base_arena_format(&site->arena, "CN=%s", name),
                                  .issuer = "CN=I",
                                  .fingerprint = "00112233445566778899",
                                  .names = names,
                                  .name_count = 1,
                                  .not_before = NOW - 30 * DAY,
                                  .not_after = NOW + 60 * DAY,
                                  .key_type = "EC",
                                  .key_bits = 256,
                                  .signature = "ecdsa-with-SHA256",
                                  .place = FACTS_PLACE_LEAF};
    sent[1] = (facts_certificate){.subject = "CN=I",
                                  .issuer = "CN=R",
                                  .fingerprint = "11",
                                  .not_before = NOW - 900 * DAY,
                                  .not_after = NOW + 900 * DAY,
                                  .authority = true,
                                  .place = FACTS_PLACE_ISSUER};
    path[0] = (facts_link){sent[0].subject, sent[0].fingerprint, sent[0].not_after, 0, false, NULL};
    path[1] = (facts_link){"CN=I", "11", NOW + 900 * DAY, 1, false, NULL};
    path[2] = (facts_link){"CN=R", "3333333333333333", NOW + 900 * DAY, -1, true, NULL};
    tls->certificates = sent;
    tls->certificate_count = 2;
    tls->path = path;
    tls->path_count = 3;
    tls->root = FACTS_ROOT_PUBLIC;
    tls->errors = room(site, sizeof *tls->errors);
    tls->error_count = 0;
}

static void lead_to(facts_hop *hop, const char *url)
{
    facts_response *response = build_response(hop);

    hop->to = url;
    response->status = response->status == 200 ? 301 : response->status;
    build_field(hop, "Location", (hf_span){url, strlen(url)});
}

facts_hop *build_hop(facts_site *site, facts_way way, const char *url, int status)
{
    facts_redirects *chain = &site->chains[way];
    facts_hop *hop = base_arena_take(&site->arena, sizeof *hop);
    facts_response *response = base_arena_take(&site->arena, sizeof *response);
    hf_url parsed;

    assert_int_equal(hf_url_parse(url, strlen(url), NULL, &parsed, NULL), HF_OK);
    *response = (facts_response){.version = FACTS_HTTP_1_1, .status = status, .received = NOW, .date = NOW};
    response->fields = room(site, sizeof *response->fields);
    hop->url = url;
    hop->host = parsed.host;
    hop->port = parsed.port;
    hop->exchange = (facts_exchange){.secure = parsed.scheme == HF_SCHEME_HTTPS, .response = response};
    if (hop->exchange.secure) {
        hop->exchange.tls = (facts_tls){.established = true, .version = "TLSv1.3", .cipher = "x"};
        build_chain(site, &hop->exchange.tls, hop->host.name);
    }
    assert_true(chain->count <= FACTS_REDIRECTS_MAX);
    if (chain->count > 0)
        lead_to(chain->hops[chain->count - 1], url);
    chain->hops[chain->count++] = hop;
    return hop;
}

void build_site(facts_site *site, const char *name, const char *sts)
{
    hf_host host;
    facts_hop *hop;

    assert_int_equal(hf_host_parse(name, strlen(name), NULL, &host, NULL), HF_OK);
    facts_site_init(site, &host, 443);
    hop = build_hop(site, FACTS_HTTPS, base_arena_format(&site->arena, "https://%s/", name), 200);
    if (sts != NULL)
        build_sts(hop, sts);
}

facts_hop *build_first(facts_site *site, facts_way way)
{
    return site->chains[way].hops[0];
}

facts_response *build_response(facts_hop *hop)
{
    return (facts_response *)(uintptr_t)hop->exchange.response;
}

/* -- What is seen of a hop ----------------------------------------------------------------------------------------- */

facts_certificate *build_certificate(facts_exchange *exchange, size_t index)
{
    assert_true(index < exchange->tls.certificate_count);
    return (facts_certificate *)(uintptr_t)&exchange->tls.certificates[index];
}

facts_link *build_link(facts_exchange *exchange, size_t index)
{
    assert_true(index < exchange->tls.path_count);
    return (facts_link *)(uintptr_t)&exchange->tls.path[index];
}

facts_certificate *build_sent(facts_exchange *exchange, const char *subject, const char *issuer)
{
    facts_certificate *certificate;

    assert_true(exchange->tls.certificate_count < BUILD_MAX);
    exchange->tls.certificate_count++;
    certificate = build_certificate(exchange, exchange->tls.certificate_count - 1);
    *certificate = (facts_certificate){.subject = subject,
                                       .issuer = issuer,
                                       .fingerprint = subject,
                                       .not_before = NOW - 900 * DAY,
                                       .not_after = NOW + 900 * DAY,
                                       .authority = true};
    return certificate;
}

facts_staple *build_staple(facts_site *site, facts_exchange *exchange)
{
    facts_staple *staple = base_arena_take(&site->arena, sizeof *staple);

    *staple = (facts_staple){.status = FACTS_REVOCATION_GOOD,
                             .produced_at = NOW - DAY,
                             .this_update = NOW - DAY,
                             .next_update = NOW + DAY,
                             .revoked_at = HF_TIME_UNKNOWN};
    exchange->tls.staple = staple;
    return staple;
}

void build_error(facts_exchange *exchange, facts_tls_code code, int depth, int sent)
{
    facts_tls_error *errors = (facts_tls_error *)(uintptr_t)exchange->tls.errors;

    assert_true(exchange->tls.error_count < BUILD_MAX);
    errors[exchange->tls.error_count++] = (facts_tls_error){code, "words", 1, depth, sent};
}

void build_field(facts_hop *hop, const char *name, hf_span value)
{
    facts_response *response = build_response(hop);
    hf_field *fields = (hf_field *)(uintptr_t)response->fields;

    assert_true(response->count < BUILD_MAX);
    fields[response->count++] = (hf_field){{name, strlen(name)}, value};
}

void build_sts(facts_hop *hop, const char *value)
{
    build_field(hop, "strict-transport-security", (hf_span){value, strlen(value)});
}

void build_failure(facts_site *site, facts_exchange *exchange, facts_phase phase, facts_code code)
{
    facts_failure *failure = base_arena_take(&site->arena, sizeof *failure);

    *failure = facts_failure_make(phase, code, NULL);
    *exchange = (facts_exchange){.secure = exchange->secure, .failure = failure};
}

void build_reached(facts_site *site, facts_exchange *exchange, const char *address)
{
    facts_attempt *attempt = base_arena_take(&site->arena, sizeof *attempt);

    *attempt = (facts_attempt){.address = address, .port = exchange->secure ? 443 : 80};
    exchange->attempts = attempt;
    exchange->attempt_count = 1;
}

/* -- Beside the hops ----------------------------------------------------------------------------------------------- */

facts_endpoint *build_endpoint_of(facts_site *site, facts_way way, const char *address)
{
    facts_endpoints *endpoints = &site->endpoints[way];
    const facts_hop *first = build_first(site, way);

    if (endpoints->items == NULL) {
        endpoints->name = first->host.name;
        endpoints->items = room(site, sizeof *endpoints->items);
    }
    assert_true(endpoints->count < BUILD_MAX);
    endpoints->items[endpoints->count] = (facts_endpoint){address, first->port, first->to, first->exchange};
    return &endpoints->items[endpoints->count++];
}

facts_endpoint *build_endpoint(facts_site *site, const char *address)
{
    return build_endpoint_of(site, FACTS_HTTPS, address);
}

facts_answer *build_answer(facts_site *site, facts_method method, bool missing, int status, const char *sts)
{
    const facts_hop *first = build_first(site, FACTS_HTTPS);
    facts_answer *answer = base_arena_take(&site->arena, sizeof *answer);
    facts_response *response = base_arena_take(&site->arena, sizeof *response);

    *answer = (facts_answer){.method = method, .missing = missing, .hop = *first};
    answer->hop.url = missing ? base_arena_format(&site->arena, "%sholdfast-0", first->url) : first->url;
    *response = *first->exchange.response;
    response->status = status;
    response->date = NOW;
    response->fields = room(site, sizeof *response->fields);
    response->count = 0;
    answer->hop.exchange.response = response;
    if (sts != NULL)
        build_sts(&answer->hop, sts);
    assert_true(site->answers.count < FACTS_ANSWERS_MAX);
    site->answers.items[site->answers.count++] = answer;
    return answer;
}

/* -- The DNS ------------------------------------------------------------------------------------------------------- */

facts_name *build_name(facts_site *site)
{
    facts_name *name = &site->names.list[0];
    facts_address *address = base_arena_take(&site->arena, sizeof *address);

    site->names.count = 1;
    *address = (facts_address){"192.0.2.1", 60};
    *name = (facts_name){.host = site->host,
                         .aliases = room(site, sizeof *name->aliases),
                         .a = {FACTS_DNS_ANSWERED, address, 1},
                         .aaaa = {FACTS_DNS_NO_DATA, NULL, 0},
                         .caa = {FACTS_DNS_NO_DATA, NULL, room(site, sizeof *name->caa.records), 0},
                         .https = {FACTS_DNS_NO_DATA, NULL, room(site, sizeof *name->https.records), 0}};
    name->https.name = name->host.name;
    return name;
}

void build_alias(facts_name *name, const char *to)
{
    facts_alias *aliases = (facts_alias *)(uintptr_t)name->aliases;

    assert_true(name->alias_count < BUILD_MAX);
    aliases[name->alias_count++] = (facts_alias){name->host.name, to, 60};
}

void build_caa(facts_name *name, unsigned flags, hf_span tag, hf_span value)
{
    facts_caa_record *records = (facts_caa_record *)(uintptr_t)name->caa.records;

    assert_true(name->caa.count < BUILD_MAX);
    name->caa.status = FACTS_DNS_ANSWERED;
    name->caa.at = name->host.name;
    records[name->caa.count++] = (facts_caa_record){.flags = flags, .tag = tag, .value = value};
}

void build_https_record(facts_name *name, facts_https_record record)
{
    facts_https_record *records = (facts_https_record *)(uintptr_t)name->https.records;

    assert_true(name->https.count < BUILD_MAX);
    name->https.status = FACTS_DNS_ANSWERED;
    records[name->https.count++] = record;
}
