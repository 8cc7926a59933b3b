#include "facts/exchange.h"

static void key_string(base_json *json, const char *key, const char *value)
{
    base_json_key(json, key);
    base_json_string(json, value);
}

static void key_int(base_json *json, const char *key, int64_t value)
{
    base_json_key(json, key);
    base_json_int(json, value);
}

static void key_bool(base_json *json, const char *key, bool value)
{
    base_json_key(json, key);
    base_json_bool(json, value);
}

static void key_time(base_json *json, const char *key, int64_t value)
{
    base_json_key(json, key);
    base_json_time(json, value);
}

static void key_octets(base_json *json, const char *key, hf_span value)
{
    base_json_key(json, key);
    base_json_octets(json, value.data, value.length);
}

static void key_strings(base_json *json, const char *key, const char *const *strings, size_t count)
{
    base_json_key(json, key);
    base_json_array_begin(json);
    for (size_t i = 0; i < count; i++)
        base_json_string(json, strings[i]);
    base_json_array_end(json);
}

static void key_failure(base_json *json, const facts_failure *failure)
{
    base_json_key(json, "failure");
    if (failure == NULL) {
        base_json_null(json);
        return;
    }
    base_json_object_begin(json);
    key_string(json, "phase", failure->phase);
    key_string(json, "code", failure->code);
    key_string(json, "text", failure->text);
    key_string(json, "detail", failure->detail);
    base_json_object_end(json);
}

static void write_attempts(base_json *json, const facts_exchange *exchange)
{
    base_json_key(json, "attempts");
    base_json_array_begin(json);
    for (size_t i = 0; i < exchange->attempt_count; i++) {
        const facts_attempt *attempt = &exchange->attempts[i];

        base_json_object_begin(json);
        key_string(json, "address", attempt->address);
        key_int(json, "port", attempt->port);
        key_failure(json, attempt->failure);
        base_json_object_end(json);
    }
    base_json_array_end(json);
}

static void write_certificate(base_json *json, const facts_certificate *certificate)
{
    base_json_object_begin(json);
    key_string(json, "subject", certificate->subject);
    key_string(json, "issuer", certificate->issuer);
    key_strings(json, "names", certificate->names, certificate->name_count);
    key_time(json, "not_before", certificate->not_before);
    key_time(json, "not_after", certificate->not_after);
    key_string(json, "serial", certificate->serial);
    key_string(json, "sha256", certificate->fingerprint);
    key_string(json, "key_type", certificate->key_type);
    key_int(json, "key_bits", certificate->key_bits);
    key_string(json, "signature", certificate->signature);
    key_bool(json, "self_issued", certificate->self_issued);
    key_bool(json, "authority", certificate->authority);
    base_json_object_end(json);
}

static void write_tls_error(base_json *json, const facts_tls_error *error)
{
    base_json_object_begin(json);
    key_string(json, "code", error->code);
    key_string(json, "text", error->text);
    key_int(json, "number", error->number);
    key_int(json, "depth", error->depth);
    key_int(json, "sent", error->sent);
    base_json_object_end(json);
}

static void write_tls(base_json *json, const facts_tls *tls)
{
    base_json_key(json, "tls");
    base_json_object_begin(json);
    key_bool(json, "established", tls->established);
    key_string(json, "version", tls->version);
    key_string(json, "cipher", tls->cipher);
    key_string(json, "alpn", tls->alpn);
    base_json_key(json, "certificates");
    base_json_array_begin(json);
    for (size_t i = 0; i < tls->certificate_count; i++)
        write_certificate(json, &tls->certificates[i]);
    base_json_array_end(json);
    base_json_key(json, "errors");
    base_json_array_begin(json);
    for (size_t i = 0; i < tls->error_count; i++)
        write_tls_error(json, &tls->errors[i]);
    base_json_array_end(json);
    base_json_object_end(json);
}

static void write_response(base_json *json, const facts_response *response)
{
    base_json_key(json, "response");
    if (response == NULL) {
        base_json_null(json);
        return;
    }
    base_json_object_begin(json);
    key_int(json, "status", response->status);
    key_octets(json, "reason", response->reason);
    key_int(json, "interim", (int64_t)response->interim);
    key_int(json, "skipped_lines", (int64_t)response->skipped);
    base_json_key(json, "fields");
    base_json_array_begin(json);
    for (size_t i = 0; i < response->count; i++) {
        base_json_object_begin(json);
        key_octets(json, "name", response->fields[i].name);
        key_octets(json, "value", response->fields[i].value);
        base_json_object_end(json);
    }
    base_json_array_end(json);
    base_json_object_end(json);
}

static void write_timings(base_json *json, const facts_exchange *exchange)
{
    const struct {
        const char *key;
        int64_t milliseconds;
    } timings[] = {{"resolve", exchange->resolve_ms},
                   {"connect", exchange->connect_ms},
                   {"tls", exchange->tls_ms},
                   {"response", exchange->response_ms}};

    base_json_key(json, "milliseconds");
    base_json_object_begin(json);
    for (size_t i = 0; i < sizeof timings / sizeof *timings; i++) {
        base_json_key(json, timings[i].key);
        if (timings[i].milliseconds >= 0)
            base_json_int(json, timings[i].milliseconds);
        else
            base_json_null(json);
    }
    base_json_object_end(json);
}

void facts_exchange_json(const facts_exchange *exchange, base_json *json)
{
    base_json_object_begin(json);
    key_string(json, "scheme", exchange->secure ? "https" : "http");
    key_failure(json, exchange->failure);
    key_strings(json, "addresses", exchange->addresses, exchange->address_count);
    write_attempts(json, exchange);
    if (exchange->secure)
        write_tls(json, &exchange->tls);
    write_response(json, exchange->response);
    write_timings(json, exchange);
    base_json_object_end(json);
}
