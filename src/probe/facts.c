#include "probe/facts.h"

const facts_failure *probe_failure_of(const net_failure *failure, base_arena *arena)
{
    facts_failure *out = base_arena_take(arena, sizeof *out);

    *out = (facts_failure){.phase = net_phase_name(failure->phase),
                           .code = net_code_name(failure->code),
                           .text = net_code_text(failure->code),
                           .detail = base_arena_string(arena, failure->detail)};
    return out;
}

static void copy_attempts(const net_outcome *outcome, base_arena *arena, facts_exchange *exchange)
{
    facts_attempt *attempts = base_arena_take(arena, outcome->attempt_count * sizeof *attempts);

    for (size_t i = 0; i < outcome->attempt_count; i++) {
        const net_attempt *from = &outcome->attempts[i];

        attempts[i] = (facts_attempt){.address = from->address, .port = from->port};
        if (!from->connected)
            attempts[i].failure = probe_failure_of(&from->failure, arena);
    }
    exchange->attempts = attempts;
    exchange->attempt_count = outcome->attempt_count;
}

static facts_certificate certificate_of(const net_certificate *from)
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
                               .authority = from->authority};
}

static void copy_tls(const net_tls_report *from, base_arena *arena, facts_tls *tls)
{
    facts_certificate *certificates = base_arena_take(arena, from->certificate_count * sizeof *certificates);
    facts_tls_error *errors = base_arena_take(arena, from->error_count * sizeof *errors);

    for (size_t i = 0; i < from->certificate_count; i++)
        certificates[i] = certificate_of(&from->certificates[i]);
    for (size_t i = 0; i < from->error_count; i++) {
        const net_tls_error *error = &from->errors[i];

        errors[i] = (facts_tls_error){error->code, error->text, error->number, error->depth, error->sent};
    }
    *tls = (facts_tls){.established = from->established,
                       .version = from->version,
                       .cipher = from->cipher,
                       .alpn = from->alpn,
                       .certificates = certificates,
                       .certificate_count = from->certificate_count,
                       .errors = errors,
                       .error_count = from->error_count};
}

static facts_content content_of(const net_content *from)
{
    static const char *const framings[] = {"none", "length", "chunked", "close", "frames"};
    static const char *const ends[] = {"unread", "whole", "cut", "broken", "malformed", "timeout"};

    return (facts_content){framings[from->framing], ends[from->end], from->declared, from->received, from->prefix};
}

const facts_response *probe_response_of(const net_response *from, base_arena *arena)
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

void probe_facts_of(const net_outcome *outcome, base_arena *arena, facts_exchange *exchange)
{
    exchange->failure = outcome->failed ? probe_failure_of(&outcome->failure, arena) : NULL;
    exchange->proxy = outcome->proxy;
    exchange->addresses = outcome->addresses;
    exchange->address_count = outcome->address_count;
    copy_attempts(outcome, arena, exchange);
    copy_tls(&outcome->tls, arena, &exchange->tls);
    exchange->response = probe_response_of(outcome->response, arena);
    exchange->resolve_ms = outcome->milliseconds[NET_PHASE_RESOLVE];
    exchange->connect_ms = outcome->milliseconds[NET_PHASE_CONNECT];
    exchange->proxy_ms = outcome->milliseconds[NET_PHASE_PROXY];
    exchange->tls_ms = outcome->milliseconds[NET_PHASE_TLS];
    exchange->response_ms = outcome->milliseconds[NET_PHASE_RESPONSE];
}
