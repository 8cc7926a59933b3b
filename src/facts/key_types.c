#include "facts/key_types.h"

static const char *const names[] = {
#define FACTS_X(symbol, name) name,
    FACTS_KEY_TYPE_MAP(FACTS_X)
#undef FACTS_X
};

const char *facts_key_type_name(facts_key_type type)
{
    return names[type];
}

static void write_leaf(const facts_tls *tls, base_json *json)
{
    if (tls->certificate_count == 0) {
        base_json_null(json);
        return;
    }
    base_json_object_begin(json);
    base_json_key(json, "certificate");
    facts_certificate_identity_json(&tls->certificates[0], json);
    facts_tls_errors_json("errors", tls->errors, tls->error_count, json);
    base_json_object_end(json);
}

void facts_key_certificates_json(const facts_key_certificates *keys, base_json *json)
{
    if (!keys->looked) {
        base_json_null(json);
        return;
    }
    base_json_object_begin(json);
    for (facts_key_type type = 0; type < FACTS_KEY_TYPES; type++) {
        base_json_key(json, type == FACTS_KEY_RSA ? "rsa" : "ecdsa");
        write_leaf(&keys->exchanges[type].tls, json);
    }
    base_json_object_end(json);
}
