#include "facts/endpoints.h"

#include <string.h>

static bool is_first(const facts_endpoints *endpoints, size_t name, size_t item, const facts_certificate *certificate)
{
    for (size_t n = 0; n <= name; n++)
        for (size_t i = 0; i < (n == name ? item : endpoints[n].count); i++) {
            const facts_tls *tls = &endpoints[n].items[i].exchange.tls;

            for (size_t k = 0; k < tls->certificate_count; k++)
                if (strcmp(tls->certificates[k].fingerprint, certificate->fingerprint) == 0)
                    return false;
        }
    return true;
}

/* Each once, however many addresses show it. */
static void write_certificates(const facts_endpoints *endpoints, base_json *json)
{
    base_json_key(json, "certificates");
    base_json_array_begin(json);
    for (size_t n = 0; n < FACTS_WAYS; n++)
        for (size_t i = 0; i < endpoints[n].count; i++) {
            const facts_tls *tls = &endpoints[n].items[i].exchange.tls;

            for (size_t k = 0; k < tls->certificate_count; k++)
                if (is_first(endpoints, n, i, &tls->certificates[k]))
                    facts_certificate_json(&tls->certificates[k], json);
        }
    base_json_array_end(json);
}

static void write_tls(const facts_tls *tls, base_json *json)
{
    base_json_key(json, "tls");
    base_json_object_begin(json);
    base_json_key_bool(json, "established", tls->established);
    base_json_key_string(json, "version", tls->version);
    base_json_key_string(json, "cipher", tls->cipher);
    base_json_key_string(json, "alpn", tls->alpn);
    base_json_key(json, "sha256");
    base_json_array_begin(json);
    for (size_t i = 0; i < tls->certificate_count; i++)
        base_json_string(json, tls->certificates[i].fingerprint);
    base_json_array_end(json);
    facts_tls_errors_json("errors", tls->errors, tls->error_count, json);
    facts_tls_errors_json("disputed", tls->disputed, tls->disputed_count, json);
    base_json_object_end(json);
}

static void write_endpoint(const facts_endpoint *endpoint, base_json *json)
{
    base_json_object_begin(json);
    base_json_key_string(json, "address", endpoint->address);
    base_json_key_int(json, "port", endpoint->port);
    base_json_key(json, "failure");
    facts_failure_json(endpoint->exchange.failure, json);
    if (endpoint->exchange.secure)
        write_tls(&endpoint->exchange.tls, json);
    base_json_key_string(json, "to", endpoint->to);
    base_json_key(json, "response");
    facts_response_json(endpoint->exchange.response, json);
    base_json_object_end(json);
}

static void write_name(const facts_endpoints *endpoints, base_json *json)
{
    base_json_object_begin(json);
    base_json_key_string(json, "name", endpoints->name);
    base_json_key_string(json, "proxy", endpoints->proxy);
    base_json_key(json, "failure");
    facts_failure_json(endpoints->failure, json);
    base_json_key_strings(json, "addresses", endpoints->addresses, endpoints->address_count);
    base_json_key(json, "endpoints");
    base_json_array_begin(json);
    for (size_t i = 0; i < endpoints->count; i++)
        write_endpoint(&endpoints->items[i], json);
    base_json_array_end(json);
    base_json_object_end(json);
}

static void write_names(const char *key, const facts_endpoints *host, const facts_endpoints *www, base_json *json)
{
    base_json_key(json, key);
    base_json_array_begin(json);
    if (host->name != NULL)
        write_name(host, json);
    if (www->name != NULL)
        write_name(www, json);
    base_json_array_end(json);
}

void facts_endpoints_json(const facts_endpoints *endpoints, base_json *json)
{
    base_json_object_begin(json);
    write_certificates(endpoints, json);
    write_names("names", &endpoints[FACTS_HTTPS], &endpoints[FACTS_WWW_HTTPS], json);
    write_names("http", &endpoints[FACTS_HTTP], &endpoints[FACTS_WWW_HTTP], json);
    base_json_object_end(json);
}

void facts_default_host_json(const facts_default_host *host, base_json *json)
{
    if (host->looked)
        facts_exchange_json(&host->exchange, json);
    else
        base_json_null(json);
}
