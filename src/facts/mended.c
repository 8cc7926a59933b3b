#include "facts/mended.h"

#include <string.h>

static bool is_among(const facts_tls *tls, const facts_certificate *certificate)
{
    for (size_t i = 0; i < tls->certificate_count; i++)
        if (strcmp(tls->certificates[i].fingerprint, certificate->fingerprint) == 0)
            return true;
    return false;
}

const facts_certificate *facts_mended_addition(const facts_mended *mended, const facts_tls *sent)
{
    for (size_t i = 0; mended->found && i < mended->tls.certificate_count; i++)
        if (!is_among(sent, &mended->tls.certificates[i]))
            return &mended->tls.certificates[i];
    return NULL;
}

static void write_requests(const facts_mended *mended, base_json *json)
{
    base_json_key(json, "requests");
    base_json_array_begin(json);
    for (size_t i = 0; i < mended->request_count; i++) {
        const facts_issuer_request *request = &mended->requests[i];

        base_json_object_begin(json);
        base_json_key_string(json, "url", request->url);
        base_json_key_string(json, "failure", request->failure);
        base_json_key_string(json, "form", request->form);
        base_json_key_int(json, "certificates", (int64_t)request->count);
        base_json_object_end(json);
    }
    base_json_array_end(json);
}

void facts_mended_json(const facts_mended *mended, base_json *json)
{
    if (!mended->wanted) {
        base_json_null(json);
        return;
    }
    base_json_object_begin(json);
    write_requests(mended, json);
    base_json_key(json, "chain");
    if (mended->found) {
        base_json_array_begin(json);
        for (size_t i = 0; i < mended->tls.certificate_count; i++)
            facts_certificate_json(&mended->tls.certificates[i], json);
        base_json_array_end(json);
    } else {
        base_json_null(json);
    }
    facts_tls_errors_json("errors", mended->tls.errors, mended->tls.error_count, json);
    facts_tls_errors_json("disputed", mended->tls.disputed, mended->tls.disputed_count, json);
    base_json_key_string(json, "written", mended->written);
    base_json_key_string(json, "why_not", mended->why);
    base_json_object_end(json);
}
