#include "facts/tls_error.h"

static const struct {
    const char *name, *text;
} codes[] = {
#define FACTS_X(symbol, name, text) {name, text},
    FACTS_TLS_ERROR_MAP(FACTS_X)
#undef FACTS_X
};

bool facts_tls_code_is_disputed(facts_tls_code code)
{
    return code >= FACTS_TLS_CERTIFICATE_FORM && code < FACTS_TLS_CODES;
}

const char *facts_tls_code_name(facts_tls_code code)
{
    return codes[code].name;
}

const char *facts_tls_code_text(facts_tls_code code)
{
    return codes[code].text;
}

static void write_error(base_json *json, const facts_tls_error *error)
{
    base_json_object_begin(json);
    base_json_key_string(json, "code", facts_tls_code_name(error->code));
    base_json_key_string(json, "text", error->text);
    base_json_key_int(json, "number", error->number);
    base_json_key_int(json, "depth", error->depth);
    base_json_key_int(json, "sent", error->sent);
    base_json_object_end(json);
}

void facts_tls_errors_json(const char *key, const facts_tls_error *errors, size_t count, base_json *json)
{
    base_json_key(json, key);
    base_json_array_begin(json);
    for (size_t i = 0; i < count; i++)
        write_error(json, &errors[i]);
    base_json_array_end(json);
}
