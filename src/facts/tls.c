#include "facts/tls.h"

static void write_certificate(base_json *json, const facts_certificate *certificate)
{
    base_json_object_begin(json);
    base_json_key_string(json, "subject", certificate->subject);
    base_json_key_string(json, "issuer", certificate->issuer);
    base_json_key_strings(json, "names", certificate->names, certificate->name_count);
    base_json_key_time(json, "not_before", certificate->not_before);
    base_json_key_time(json, "not_after", certificate->not_after);
    base_json_key_string(json, "serial", certificate->serial);
    base_json_key_string(json, "sha256", certificate->fingerprint);
    base_json_key_string(json, "key_type", certificate->key_type);
    base_json_key_int(json, "key_bits", certificate->key_bits);
    base_json_key_string(json, "signature", certificate->signature);
    base_json_key_bool(json, "self_issued", certificate->self_issued);
    base_json_key_bool(json, "authority", certificate->authority);
    base_json_object_end(json);
}

static void write_tls_error(base_json *json, const facts_tls_error *error)
{
    base_json_object_begin(json);
    base_json_key_string(json, "code", error->code);
    base_json_key_string(json, "text", error->text);
    base_json_key_int(json, "number", error->number);
    base_json_key_int(json, "depth", error->depth);
    base_json_key_int(json, "sent", error->sent);
    base_json_object_end(json);
}

void facts_tls_json(const facts_tls *tls, base_json *json)
{
    base_json_object_begin(json);
    base_json_key_bool(json, "established", tls->established);
    base_json_key_string(json, "version", tls->version);
    base_json_key_string(json, "cipher", tls->cipher);
    base_json_key_string(json, "alpn", tls->alpn);
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
