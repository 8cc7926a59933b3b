#include "facts/offers.h"

static const char *const version_names[] = {
#define FACTS_X(symbol, name) name,
    FACTS_TLS_VERSION_MAP(FACTS_X)
#undef FACTS_X
};

static const char *const order_names[] = {
#define FACTS_X(symbol, name) name,
    FACTS_ORDER_MAP(FACTS_X)
#undef FACTS_X
};

const char *facts_tls_version_name(facts_tls_version version)
{
    return version_names[version];
}

bool facts_offers_has(const facts_offers *offers, facts_tls_version version)
{
    return offers->protocols[version].suite_count > 0;
}

static void write_suite(const facts_suite *suite, base_json *json)
{
    base_json_object_begin(json);
    base_json_key_int(json, "number", suite->number);
    base_json_key_string(json, "name", suite->name);
    base_json_key_string(json, "group", suite->group);
    base_json_key(json, "dh_bits");
    if (suite->dh_bits > 0)
        base_json_int(json, suite->dh_bits);
    else
        base_json_null(json);
    base_json_object_end(json);
}

static void write_protocol(const facts_protocol *protocol, facts_tls_version version, base_json *json)
{
    base_json_object_begin(json);
    base_json_key_string(json, "version", facts_tls_version_name(version));
    base_json_key_bool(json, "offered", protocol->suite_count > 0);
    base_json_key_string(json, "order", order_names[protocol->order]);
    base_json_key(json, "suites");
    base_json_array_begin(json);
    for (size_t i = 0; i < protocol->suite_count; i++)
        write_suite(&protocol->suites[i], json);
    base_json_array_end(json);
    base_json_key_strings(json, "groups", protocol->groups, protocol->group_count);
    base_json_key_strings(json, "signatures", protocol->signatures, protocol->signature_count);
    base_json_key_bool(json, "compression", protocol->deflate);
    base_json_key(json, "failure");
    facts_failure_json(protocol->failure, json);
    base_json_object_end(json);
}

/* Null where no version before TLS 1.3 is offered. */
static void write_flag(const facts_offers *offers, const char *name, bool flag, base_json *json)
{
    bool known = false;

    for (facts_tls_version version = 0; version < FACTS_TLS_1_3; version++)
        known = known || facts_offers_has(offers, version);
    base_json_key(json, name);
    if (known)
        base_json_bool(json, flag);
    else
        base_json_null(json);
}

static void write_choices(const facts_offers *offers, base_json *json)
{
    base_json_key(json, "choices");
    base_json_array_begin(json);
    for (facts_engine engine = FACTS_ENGINE_ANY + 1; engine < FACTS_ENGINES; engine++) {
        const facts_choice *choice = &offers->choices[engine];

        if (!choice->known)
            continue;
        base_json_object_begin(json);
        base_json_key_string(json, "browser", facts_browser_name(facts_engine_browser(engine)));
        base_json_key_string(json, "version", choice->suite != NULL ? facts_tls_version_name(choice->version) : NULL);
        base_json_key_string(json, "suite", choice->suite != NULL ? choice->suite->name : NULL);
        base_json_key_string(json, "group", choice->group);
        base_json_object_end(json);
    }
    base_json_array_end(json);
}

void facts_offers_json(const facts_offers *offers, base_json *json)
{
    if (!offers->looked) {
        base_json_null(json);
        return;
    }
    base_json_object_begin(json);
    base_json_key(json, "protocols");
    base_json_array_begin(json);
    for (facts_tls_version version = 0; version < FACTS_TLS_VERSIONS; version++)
        write_protocol(&offers->protocols[version], version, json);
    base_json_array_end(json);
    write_choices(offers, json);
    write_flag(offers, "secure_renegotiation", offers->secure_renegotiation, json);
    write_flag(offers, "session_tickets", offers->tickets, json);
    write_flag(offers, "session_ids", offers->session_ids, json);
    write_flag(offers, "extended_master_secret", offers->extended_master_secret, json);
    base_json_object_end(json);
}
