#include "facts/exchange.h"

#include "base/secret.h"

#include <string.h>

const char *facts_method_name(facts_method method)
{
    static const char *const names[] = {
#define FACTS_X(symbol, name) name,
        FACTS_METHOD_MAP(FACTS_X)
#undef FACTS_X
    };

    return names[method];
}

static void key_failure(base_json *json, const facts_failure *failure)
{
    base_json_key(json, "failure");
    facts_failure_json(failure, json);
}

static void write_attempts(base_json *json, const facts_exchange *exchange)
{
    base_json_key(json, "attempts");
    base_json_array_begin(json);
    for (size_t i = 0; i < exchange->attempt_count; i++) {
        const facts_attempt *attempt = &exchange->attempts[i];

        base_json_object_begin(json);
        base_json_key_string(json, "address", attempt->address);
        base_json_key_int(json, "port", attempt->port);
        key_failure(json, attempt->failure);
        base_json_object_end(json);
    }
    base_json_array_end(json);
}

static void write_timings(base_json *json, const facts_exchange *exchange)
{
    base_json_key(json, "milliseconds");
    base_json_object_begin(json);
    for (facts_phase i = 0; i < FACTS_PHASES; i++) {
        base_json_key(json, facts_phase_name(i));
        if (exchange->milliseconds[i] >= 0)
            base_json_int(json, exchange->milliseconds[i]);
        else
            base_json_null(json);
    }
    base_json_object_end(json);
}

bool facts_exchange_sent(const facts_exchange *exchange, const char *cookies)
{
    const char *sent = exchange->cookies;

    return sent == NULL || cookies == NULL ? sent == cookies : strcmp(sent, cookies) == 0;
}

/* nginx answers 400, other servers 403; 495 and 496 are nginx's own words for it. */
bool facts_exchange_wants_certificate(const facts_exchange *exchange)
{
    int status = exchange->response != NULL ? exchange->response->status : 0;

    if (exchange->failure != NULL && exchange->failure->code == FACTS_FAILURE_CLIENT_CERTIFICATE)
        return true;
    return exchange->tls.asks_certificate && (status == 400 || status == 403 || status == 495 || status == 496);
}

facts_reading facts_exchange_reading(const facts_exchange *exchange, facts_engine engine)
{
    bool is_firefox = engine == FACTS_ENGINE_FIREFOX || (engine == FACTS_ENGINE_ANY && exchange->failure == NULL);
    facts_reading plain = {exchange->failure, exchange->response};

    if (exchange->firefox == NULL || !is_firefox)
        return plain;
    return engine == FACTS_ENGINE_FIREFOX || exchange->firefox->failure != NULL ? *exchange->firefox : plain;
}

/* The names alone: whoever has the values is let in. */
static void write_cookies(const char *cookies, base_json *json)
{
    base_buffer out;

    base_json_key(json, "cookies");
    if (cookies == NULL) {
        base_json_null(json);
        return;
    }
    base_buffer_init(&out, sizeof BASE_SECRET_MASK * (strlen(cookies) + 1));
    while (*cookies != '\0') {
        size_t length = strcspn(cookies, ";"), name = strcspn(cookies, "=");

        if (name < length)
            base_buffer_append(&out, cookies, name + 1);
        base_buffer_text(&out, BASE_SECRET_MASK);
        cookies += length;
        for (; *cookies == ';' || *cookies == ' '; cookies++)
            base_buffer_char(&out, *cookies);
    }
    base_json_octets(json, out.data, out.length);
    base_buffer_done(&out);
}

/* Only where it differs. */
static void write_firefox(const facts_reading *firefox, base_json *json)
{
    if (firefox == NULL)
        return;
    base_json_key(json, "in_firefox");
    base_json_object_begin(json);
    key_failure(json, firefox->failure);
    base_json_key(json, "response");
    facts_response_json(firefox->response, json);
    base_json_object_end(json);
}

void facts_exchange_json(const facts_exchange *exchange, base_json *json)
{
    base_json_object_begin(json);
    base_json_key_string(json, "scheme", exchange->secure ? "https" : "http");
    write_cookies(exchange->cookies, json);
    key_failure(json, exchange->failure);
    base_json_key_string(json, "proxy", exchange->proxy);
    base_json_key_strings(json, "addresses", exchange->addresses, exchange->address_count);
    write_attempts(json, exchange);
    if (exchange->secure) {
        base_json_key(json, "tls");
        facts_tls_json(&exchange->tls, json);
    }
    base_json_key(json, "response");
    facts_response_json(exchange->response, json);
    if (exchange->refused != NULL) {
        base_json_key(json, "refused_response");
        facts_response_json(exchange->refused, json);
    }
    write_firefox(exchange->firefox, json);
    write_timings(json, exchange);
    base_json_object_end(json);
}
