#include "facts/tls.h"

#include "base/wildcard.h"

#include <string.h>

#define FACTS_X(symbol, name) name,
static const char *const places[] = {FACTS_PLACE_MAP(FACTS_X)};
static const char *const staple_problems[] = {FACTS_STAPLE_PROBLEM_MAP(FACTS_X)};
static const char *const revocations[] = {FACTS_REVOCATION_MAP(FACTS_X)};
static const char *const reasons[] = {FACTS_REASON_MAP(FACTS_X)};
static const char *const roots[] = {FACTS_ROOT_MAP(FACTS_X)};
static const char *const path_limits[] = {FACTS_PATH_LIMIT_MAP(FACTS_X)};
#undef FACTS_X

const char *facts_place_name(facts_place place)
{
    return places[place];
}

const char *facts_staple_problem_name(facts_staple_problem problem)
{
    return staple_problems[problem];
}

const char *facts_revocation_name(facts_revocation status)
{
    return revocations[status];
}

const char *facts_reason_name(facts_reason reason)
{
    return reasons[reason];
}

const char *facts_root_name(facts_root root)
{
    return roots[root];
}

const char *facts_path_limit_name(facts_path_limit limit)
{
    return path_limits[limit];
}

bool facts_certificate_covers(const facts_certificate *certificate, const char *host)
{
    for (size_t i = 0; i < certificate->name_count; i++)
        if (base_wildcard_covers(certificate->names[i], strlen(certificate->names[i]), host))
            return true;
    return false;
}

/* -- JSON ---------------------------------------------------------------------------------------------------------- */

static void write_days(base_json *json, const facts_certificate *certificate)
{
    base_json_key(json, "validity_days");
    if (certificate->not_before == HF_TIME_UNKNOWN || certificate->not_after == HF_TIME_UNKNOWN)
        base_json_null(json);
    else
        base_json_int(json, (certificate->not_after - certificate->not_before + 1) / 86400);
}

static void write_hashes(base_json *json, const facts_certificate *certificate)
{
    base_json_key_string(json, "sha256", certificate->fingerprint);
    base_json_key_string(json, "tbs_sha256", certificate->tbs);
    base_json_key_string(json, "spki_sha256", certificate->spki);
    base_json_key_string(json, "authority_key_id", certificate->authority_key);
}

void facts_certificate_identity_json(const facts_certificate *certificate, base_json *json)
{
    base_json_object_begin(json);
    write_hashes(json, certificate);
    base_json_key_string(json, "serial", certificate->serial);
    base_json_key_time(json, "not_before", certificate->not_before);
    base_json_key_time(json, "not_after", certificate->not_after);
    base_json_key_strings(json, "names", certificate->names, certificate->name_count);
    base_json_object_end(json);
}

void facts_certificate_json(const facts_certificate *certificate, base_json *json)
{
    base_json_object_begin(json);
    base_json_key_string(json, "place", facts_place_name(certificate->place));
    base_json_key_string(json, "subject", certificate->subject);
    base_json_key_string(json, "issuer", certificate->issuer);
    base_json_key_strings(json, "names", certificate->names, certificate->name_count);
    base_json_key_time(json, "not_before", certificate->not_before);
    base_json_key_time(json, "not_after", certificate->not_after);
    write_days(json, certificate);
    base_json_key_string(json, "serial", certificate->serial);
    write_hashes(json, certificate);
    base_json_key_string(json, "subject_key_id", certificate->subject_key);
    base_json_key_string(json, "key_type", certificate->key_type);
    base_json_key_int(json, "key_bits", certificate->key_bits);
    base_json_key_int(json, "key_security_bits", certificate->key_security);
    base_json_key_string(json, "signature", certificate->signature);
    base_json_key_int(json, "signature_security_bits", certificate->signature_security);
    base_json_key_bool(json, "self_issued", certificate->self_issued);
    base_json_key_bool(json, "authority", certificate->authority);
    base_json_key_bool(json, "must_staple", certificate->must_staple);
    base_json_key_int(json, "scts", (int64_t)certificate->sct_count);
    base_json_key_strings(json, "ocsp_urls", certificate->ocsp_urls, certificate->ocsp_url_count);
    base_json_key_strings(json, "issuer_urls", certificate->issuer_urls, certificate->issuer_url_count);
    base_json_key_strings(json, "crl_urls", certificate->crl_urls, certificate->crl_url_count);
    base_json_key_base64(json, "der", certificate->der.data, certificate->der.length);
    base_json_object_end(json);
}

static void write_link(base_json *json, const facts_link *link)
{
    base_json_object_begin(json);
    base_json_key_string(json, "subject", link->subject);
    base_json_key_string(json, "sha256", link->fingerprint);
    base_json_key_time(json, "not_after", link->not_after);
    base_json_key_int(json, "sent", link->sent);
    base_json_object_end(json);
}

static void write_path(base_json *json, const facts_link *links, size_t count)
{
    base_json_key(json, "path");
    base_json_array_begin(json);
    for (size_t i = 0; i < count; i++)
        write_link(json, &links[i]);
    base_json_array_end(json);
}

static void write_other_paths(base_json *json, const facts_tls *tls)
{
    base_json_key(json, "other_paths");
    base_json_array_begin(json);
    for (size_t i = 0; i < tls->other_path_count; i++) {
        base_json_object_begin(json);
        write_path(json, tls->other_paths[i].links, tls->other_paths[i].count);
        facts_tls_errors_json("errors", tls->other_paths[i].errors, tls->other_paths[i].error_count, json);
        base_json_object_end(json);
    }
    base_json_array_end(json);
}

static void write_staple(base_json *json, const facts_staple *staple)
{
    base_json_key(json, "staple");
    if (staple == NULL) {
        base_json_null(json);
        return;
    }
    base_json_object_begin(json);
    base_json_key_string(json, "problem", facts_staple_problem_name(staple->problem));
    base_json_key_string(json, "status", facts_revocation_name(staple->status));
    base_json_key_string(json, "reason", facts_reason_name(staple->reason));
    base_json_key_time(json, "produced_at", staple->produced_at);
    base_json_key_time(json, "this_update", staple->this_update);
    base_json_key_time(json, "next_update", staple->next_update);
    base_json_key_time(json, "revoked_at", staple->revoked_at);
    base_json_key_int(json, "scts", (int64_t)staple->sct_count);
    base_json_key_base64(json, "der", staple->der.data, staple->der.length);
    base_json_object_end(json);
}

static void write_verdicts(base_json *json, const facts_tls *tls)
{
    base_json_key(json, "stores");
    base_json_array_begin(json);
    for (size_t i = 0; i < tls->verdict_count; i++) {
        base_json_object_begin(json);
        base_json_key_string(json, "name", tls->verdicts[i].store);
        base_json_key_bool(json, "trusts", tls->verdicts[i].error_count == 0);
        facts_tls_errors_json("errors", tls->verdicts[i].errors, tls->verdicts[i].error_count, json);
        base_json_object_end(json);
    }
    base_json_array_end(json);
}

void facts_tls_json(const facts_tls *tls, base_json *json)
{
    base_json_object_begin(json);
    base_json_key_bool(json, "established", tls->established);
    base_json_key_string(json, "version", tls->version);
    base_json_key_string(json, "cipher", tls->cipher);
    base_json_key_string(json, "group", tls->group);
    base_json_key_string(json, "alpn", tls->alpn);
    base_json_key(json, "certificates");
    base_json_array_begin(json);
    for (size_t i = 0; i < tls->certificate_count; i++)
        facts_certificate_json(&tls->certificates[i], json);
    base_json_array_end(json);
    write_path(json, tls->path, tls->path_count);
    base_json_key_string(json, "path_limit", facts_path_limit_name(tls->path_limit));
    write_other_paths(json, tls);
    base_json_key_string(json, "root", facts_root_name(tls->root));
    facts_tls_errors_json("errors", tls->errors, tls->error_count, json);
    facts_tls_errors_json("disputed", tls->disputed, tls->disputed_count, json);
    write_verdicts(json, tls);
    write_staple(json, tls->staple);
    base_json_key_int(json, "scts", (int64_t)tls->sct_count);
    base_json_key_bool(json, "asks_certificate", tls->asks_certificate);
    base_json_object_end(json);
}

/* -- Until when ---------------------------------------------------------------------------------------------------- */

/* The certificate sent that issued this one; NULL when there is none, or it is its own issuer. */
static const facts_certificate *issuer_of(const facts_tls *tls, const facts_certificate *certificate)
{
    if (certificate->self_issued)
        return NULL;
    for (size_t i = 0; i < tls->certificate_count; i++)
        if (strcmp(tls->certificates[i].subject, certificate->issuer) == 0)
            return &tls->certificates[i];
    return NULL;
}

/* By the names of what was sent, where no path was built. */
static int64_t until_as_sent(const facts_tls *tls)
{
    const facts_certificate *certificate = tls->certificate_count > 0 ? &tls->certificates[0] : NULL;
    int64_t until = HF_TIME_UNKNOWN;

    for (size_t steps = 0; certificate != NULL && steps <= tls->certificate_count; steps++) {
        if (until == HF_TIME_UNKNOWN || certificate->not_after < until)
            until = certificate->not_after;
        certificate = issuer_of(tls, certificate);
    }
    return until;
}

int64_t facts_tls_until(const facts_tls *tls)
{
    int64_t until = HF_TIME_UNKNOWN;

    if (tls->path_count == 0)
        return until_as_sent(tls);
    for (size_t i = 0; i < tls->path_count; i++) {
        const facts_link *link = &tls->path[i];

        /* Browsers ask of a root only that it is in their store. */
        if (i > 0 && link->self_issued && link->sent < 0)
            continue;
        if (link->not_after != HF_TIME_UNKNOWN && (until == HF_TIME_UNKNOWN || link->not_after < until))
            until = link->not_after;
    }
    return until;
}

/* -- Whose issuer is missing --------------------------------------------------------------------------------------- */

/* The certificate below an error's one, on the path. */
static int sent_below(const facts_tls *tls, const facts_tls_error *error)
{
    return error->depth > 0 && (size_t)error->depth <= tls->path_count ? tls->path[error->depth - 1].sent : -1;
}

const facts_certificate *facts_tls_orphan(const facts_tls *tls)
{
    for (size_t i = 0; i < tls->error_count; i++) {
        const facts_tls_error *error = &tls->errors[i];
        int sent = -1;

        if (error->code == FACTS_TLS_ISSUER_MISSING || error->code == FACTS_TLS_BAD_SIGNATURE)
            sent = error->sent;
        else if (error->code == FACTS_TLS_EXPIRED)
            sent = sent_below(tls, error);
        if (sent >= 0 && (size_t)sent < tls->certificate_count && !tls->certificates[sent].self_issued)
            return &tls->certificates[sent];
    }
    return NULL;
}
