#include "probe/facts.h"

static void copy_attempts(const http_outcome *outcome, base_arena *arena, facts_exchange *exchange)
{
    facts_attempt *attempts = base_arena_take(arena, outcome->attempt_count * sizeof *attempts);

    for (size_t i = 0; i < outcome->attempt_count; i++) {
        const http_attempt *from = &outcome->attempts[i];

        attempts[i] = (facts_attempt){.address = from->address, .port = from->port};
        if (!from->connected)
            attempts[i].failure = facts_failure_keep(&from->failure, arena);
    }
    exchange->attempts = attempts;
    exchange->attempt_count = outcome->attempt_count;
}

static facts_certificate certificate_of(const tls_certificate *from)
{
    return (facts_certificate){.der = from->der,
                               .subject = from->subject,
                               .issuer = from->issuer,
                               .names = from->names,
                               .name_count = from->name_count,
                               .not_before = from->not_before,
                               .not_after = from->not_after,
                               .serial = from->serial,
                               .fingerprint = from->fingerprint,
                               .key_type = from->key_type,
                               .key_bits = from->key_bits,
                               .signature = from->signature,
                               .self_issued = from->self_issued,
                               .authority = from->authority,
                               .key_security = from->key_security,
                               .signature_security = from->signature_security,
                               .must_staple = from->must_staple,
                               .sct_count = from->sct_count,
                               .ocsp_urls = from->ocsp_urls.items,
                               .issuer_urls = from->issuer_urls.items,
                               .crl_urls = from->crl_urls.items,
                               .ocsp_url_count = from->ocsp_urls.count,
                               .issuer_url_count = from->issuer_urls.count,
                               .crl_url_count = from->crl_urls.count,
                               .place = from->place};
}

static const facts_link *path_of(const tls_report *from, base_arena *arena)
{
    facts_link *path = base_arena_take(arena, from->path_count * sizeof *path);

    for (size_t i = 0; i < from->path_count; i++) {
        const tls_link *link = &from->path[i];

        path[i] = (facts_link){link->subject, link->fingerprint, link->not_after, link->sent, link->self_issued};
    }
    return path;
}

static const facts_staple *staple_of(const tls_staple *from, base_arena *arena)
{
    facts_staple *staple;

    if (from == NULL)
        return NULL;
    staple = base_arena_take(arena, sizeof *staple);
    *staple = (facts_staple){.der = from->der,
                             .problem = from->problem,
                             .status = from->status,
                             .reason = from->reason,
                             .produced_at = from->produced_at,
                             .this_update = from->this_update,
                             .next_update = from->next_update,
                             .revoked_at = from->revoked_at,
                             .sct_count = from->sct_count};
    return staple;
}

static const facts_store_verdict *verdicts_of(const tls_report *from, base_arena *arena)
{
    facts_store_verdict *verdicts = base_arena_take(arena, from->verdict_count * sizeof *verdicts);

    for (size_t i = 0; i < from->verdict_count; i++) {
        const tls_verdict *verdict = &from->verdicts[i];

        verdicts[i] = (facts_store_verdict){verdict->store, verdict->errors, verdict->error_count};
    }
    return verdicts;
}

static void copy_tls(const tls_report *from, base_arena *arena, facts_tls *tls)
{
    facts_certificate *certificates = base_arena_take(arena, from->certificate_count * sizeof *certificates);

    for (size_t i = 0; i < from->certificate_count; i++)
        certificates[i] = certificate_of(&from->certificates[i]);
    *tls = (facts_tls){.established = from->established,
                       .version = from->version,
                       .cipher = from->cipher,
                       .alpn = from->alpn,
                       .certificates = certificates,
                       .certificate_count = from->certificate_count,
                       .errors = from->errors,
                       .error_count = from->error_count,
                       .group = from->group,
                       .root = from->root,
                       .path = path_of(from, arena),
                       .path_count = from->path_count,
                       .staple = staple_of(from->staple, arena),
                       .sct_count = from->sct_count,
                       .verdicts = verdicts_of(from, arena),
                       .verdict_count = from->verdict_count};
}

static facts_content content_of(const http_content *from)
{
    static const char *const framings[] = {"none", "length", "chunked", "close", "frames"};
    static const char *const ends[] = {"unread", "whole", "cut", "broken", "malformed", "timeout"};

    return (facts_content){framings[from->framing], ends[from->end], from->declared, from->received, from->prefix};
}

const facts_response *probe_response_of(const http_response *from, base_arena *arena)
{
    facts_response *response;

    if (from == NULL)
        return NULL;
    response = base_arena_take(arena, sizeof *response);
    *response = (facts_response){.version = from->version,
                                 .status = from->status,
                                 .reason = from->reason,
                                 .raw = from->raw,
                                 .interim = from->interim,
                                 .skipped = from->skipped,
                                 .fields = from->fields,
                                 .count = from->count,
                                 .received = from->received,
                                 .date = from->date,
                                 .content = content_of(&from->content)};
    return response;
}

void probe_facts_of(const http_outcome *outcome, base_arena *arena, facts_exchange *exchange)
{
    exchange->failure = outcome->failed ? facts_failure_keep(&outcome->failure, arena) : NULL;
    exchange->proxy = outcome->proxy;
    exchange->addresses = outcome->addresses;
    exchange->address_count = outcome->address_count;
    copy_attempts(outcome, arena, exchange);
    copy_tls(&outcome->tls, arena, &exchange->tls);
    exchange->response = probe_response_of(outcome->response, arena);
    exchange->resolve_ms = outcome->milliseconds[FACTS_PHASE_RESOLVE];
    exchange->connect_ms = outcome->milliseconds[FACTS_PHASE_CONNECT];
    exchange->proxy_ms = outcome->milliseconds[FACTS_PHASE_PROXY];
    exchange->tls_ms = outcome->milliseconds[FACTS_PHASE_TLS];
    exchange->response_ms = outcome->milliseconds[FACTS_PHASE_RESPONSE];
}
