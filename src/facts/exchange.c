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
    write_timings(json, exchange);
    base_json_object_end(json);
}
