/* What is wrong with the certificates. Every error of the chain that a browser would name becomes a finding. */
#include "rules/families.h"

#include "browsers/accept.h"

#define NAMES_SHOWN 12
#define RSA_BITS_MIN 2048

static const char *names_text(base_arena *arena, const facts_certificate *certificate)
{
    const char *text = "";

    if (certificate == NULL || certificate->name_count == 0)
        return "none";
    for (size_t i = 0; i < certificate->name_count && i < NAMES_SHOWN; i++)
        text = base_arena_format(arena, "%s%s%s", text, i > 0 ? ", " : "", certificate->names[i]);
    if (certificate->name_count > NAMES_SHOWN)
        text = base_arena_format(arena, "%s and %zu more", text, certificate->name_count - NAMES_SHOWN);
    return text;
}

/* The certificate that an error is about, if the server sent it. */
static const facts_certificate *subject_of(const facts_tls *tls, const facts_tls_error *error)
{
    return error->sent >= 0 && (size_t)error->sent < tls->certificate_count ? &tls->certificates[error->sent] : NULL;
}

static void add_expired(const rule_context *context, finding_place place, const facts_tls_error *error,
                        const facts_certificate *certificate)
{
    rule_id id = error->depth == 0 ? RULE_CERT_EXPIRED : RULE_CERT_CHAIN_EXPIRED;
    const char *root =
        "It is a root of the trust store that was used: update that store (here: the system's, or --cafile), "
        "and have the server send a chain to a root that has not expired.";
    finding *added;

    if (certificate == NULL)
        added =
            rule_add_at(context, place, id, "a CA of the trust store, %d above the server's certificate", error->depth);
    else
        added = rule_add_at(context, place, id, "%s: valid until %s, and it is %s", certificate->subject,
                            rule_time_text(context->arena, certificate->not_after),
                            rule_time_text(context->arena, context->judgement->now));
    if (error->depth > 0 && (certificate == NULL || certificate->self_issued))
        added->fix = root;
}

static void add_early(const rule_context *context, finding_place place, const facts_certificate *certificate)
{
    if (certificate == NULL)
        rule_add_at(context, place, RULE_CERT_NOT_YET_VALID, "a CA of the trust store");
    else
        rule_add_at(context, place, RULE_CERT_NOT_YET_VALID, "%s: valid from %s, and it is %s", certificate->subject,
                    rule_time_text(context->arena, certificate->not_before),
                    rule_time_text(context->arena, context->judgement->now));
}

/* -- The certificate that is missing ------------------------------------------------------------------------------- */

/* What was found in place of the chain that this hop shows; NULL: nobody looked. */
static const facts_mended *mended_of(const rule_context *context, const facts_hop *hop)
{
    const facts_mended *mended = &context->site->mended;

    return mended->wanted && context->site->chains[FACTS_HTTPS].count > 0 &&
                   context->site->chains[FACTS_HTTPS].hops[0] == hop
               ? mended
               : NULL;
}

/* "; it was asked for at http://a.test/ca.cer: nothing listens on the port". */
static const char *requests_text(const rule_context *context, const facts_mended *mended)
{
    const char *text = "";

    for (size_t i = 0; i < mended->request_count; i++)
        if (mended->requests[i].failure != NULL)
            text = base_arena_format(context->arena, "%s; it was asked for at %s: %s", text, mended->requests[i].url,
                                     mended->requests[i].failure);
    return text;
}

/* Where it is to be had: it was fetched, or it could be. */
static const char *source_text(const rule_context *context, const facts_hop *hop, const facts_certificate *certificate)
{
    const facts_mended *mended = mended_of(context, hop);
    const facts_certificate *addition = mended != NULL ? facts_mended_addition(mended, &hop->exchange.tls) : NULL;

    if (addition != NULL)
        return base_arena_format(context->arena, "; %s, SHA-256 %.16s..., completes the path", addition->subject,
                                 addition->fingerprint);
    if (mended != NULL && mended->request_count > 0)
        return requests_text(context, mended);
    if (certificate == NULL || certificate->issuer_url_count == 0)
        return "";
    return base_arena_format(context->arena, "; some browsers may fetch it from %s", certificate->issuer_urls[0]);
}

static const char *fix_text(const rule_context *context, const facts_hop *hop)
{
    const facts_mended *mended = mended_of(context, hop);
    const facts_certificate *addition = mended != NULL ? facts_mended_addition(mended, &hop->exchange.tls) : NULL;
    const char *general = rule_find(RULE_CERT_MISSING_INTERMEDIATE)->fix;

    if (addition == NULL)
        return general;
    if (mended->written != NULL)
        return base_arena_format(context->arena, "Serve %s, which has the whole chain. %s", mended->written, general);
    return base_arena_format(context->arena, "Send %s too; --write-chain FILE writes the whole chain. %s",
                             addition->subject, general);
}

/* " (key f00d...)", as the certificate itself names the key that signed it. */
static const char *identifier_text(const rule_context *context, const facts_certificate *certificate)
{
    if (certificate == NULL || certificate->authority_key == NULL)
        return "";
    return base_arena_format(context->arena, " (key identifier %s)", certificate->authority_key);
}

/*
 * Who signed the certificate at the end of what was built is nowhere to be found. If that is the server's own, or if it
 * was found since, it should have been sent. If not, the root above it is one that is not trusted.
 */
static void add_issuer_missing(const rule_context *context, const facts_hop *hop, finding_place place,
                               const facts_tls_error *error, const facts_certificate *certificate)
{
    const facts_mended *mended = mended_of(context, hop);
    const char *subject = certificate != NULL ? certificate->subject : "?";
    const char *issuer = certificate != NULL ? certificate->issuer : "?";
    finding *added;

    if (error->depth > 0 && (mended == NULL || !mended->found)) {
        rule_add_at(context, place, RULE_CERT_UNKNOWN_ISSUER, "the chain %s ends at %s, signed by %s%s%s",
                    hop->file != NULL ? "in the file" : "sent", subject, issuer, identifier_text(context, certificate),
                    mended != NULL ? requests_text(context, mended) : "");
        return;
    }
    added =
        rule_add_at(context, place, RULE_CERT_MISSING_INTERMEDIATE,
                    "%s was signed by %s%s, which %s and is not in the trust store%s", subject, issuer,
                    identifier_text(context, certificate), hop->file != NULL ? "is not in the file" : "was not sent",
                    source_text(context, hop, certificate));
    added->fix = fix_text(context, hop);
}

/* -- Each error ---------------------------------------------------------------------------------------------------- */

/* What browsers find where OpenSSL does not. */
static rule_id rule_of_reading(facts_tls_code code)
{
    static const struct {
        facts_tls_code code;
        rule_id id;
    } rules[] = {
        {FACTS_TLS_NOT_DER, RULE_CERT_ENCODING},
        {FACTS_TLS_UNREADABLE, RULE_CERT_ENCODING},
        {FACTS_TLS_BAD_EXTENSION, RULE_CERT_ENCODING},
        {FACTS_TLS_BAD_EXTENSION_VALUE, RULE_CERT_ENCODING},
        {FACTS_TLS_BAD_NAMES, RULE_CERT_ENCODING},
        {FACTS_TLS_BAD_DATE, RULE_CERT_ENCODING},
        {FACTS_TLS_ALGORITHMS_DIFFER, RULE_CERT_ENCODING},
        {FACTS_TLS_CERTIFICATE_FORM, RULE_CERT_ENCODING},
        {FACTS_TLS_LOOSE_EXTENSION, RULE_CERT_ENCODING},
        {FACTS_TLS_STRICT_EXTENSION, RULE_CERT_ENCODING},
        {FACTS_TLS_ALGORITHM_PARAMETERS, RULE_CERT_ENCODING},
        {FACTS_TLS_ODD_DATE, RULE_CERT_ENCODING},
        {FACTS_TLS_BAD_KEY_USAGE, RULE_CERT_KEY_USAGE},
        {FACTS_TLS_NO_KEY_USAGE, RULE_CERT_KEY_USAGE},
        {FACTS_TLS_KEY_USAGE, RULE_CERT_KEY_USAGE},
        {FACTS_TLS_KEY_TYPE, RULE_CERT_KEY_TYPE},
        {FACTS_TLS_KEY_CURVE, RULE_CERT_KEY_TYPE},
        {FACTS_TLS_SHORT_KEY, RULE_CERT_WEAK_KEY},
        {FACTS_TLS_EMPTY_SUBJECT, RULE_CERT_EMPTY_SUBJECT},
        {FACTS_TLS_SERVER_IS_CA, RULE_CERT_CA_AS_SERVER},
        {FACTS_TLS_POLICY_REQUIRED, RULE_CERT_POLICY_REQUIRED},
        {FACTS_TLS_DOUBTFUL_PURPOSE, RULE_CERT_WRONG_PURPOSE},
        {FACTS_TLS_UNKNOWN_EXTENSION, RULE_CERT_CRITICAL_EXTENSION},
        {FACTS_TLS_UNKNOWN_TO_CHROME, RULE_CERT_CRITICAL_EXTENSION},
        {FACTS_TLS_UNKNOWN_TO_FIREFOX, RULE_CERT_CRITICAL_EXTENSION},
        {FACTS_TLS_NAME_SCOPE, RULE_CERT_NAME_CONSTRAINTS},
        {FACTS_TLS_WILDCARD_SUFFIX, RULE_CERT_WRONG_NAME},
        {FACTS_TLS_NAME_DOT, RULE_CERT_WRONG_NAME},
    };

    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (rules[i].code == code)
            return rules[i].id;
    return RULE_CERT_ERROR;
}

/* Errors that are a rule each, and need no more words than these. */
static rule_id rule_of_code(facts_tls_code code)
{
    switch (code) {
    case FACTS_TLS_OLD_VERSION:
        return RULE_TLS_VERSION;
    case FACTS_TLS_NO_COMMON_CIPHER:
    case FACTS_TLS_NO_COMMON_GROUP:
    case FACTS_TLS_NO_COMMON_SIGNATURE:
    case FACTS_TLS_EXCHANGE_GROUP:
        return RULE_TLS_CIPHER;
    case FACTS_TLS_NAME_CONSTRAINTS:
        return RULE_CERT_NAME_CONSTRAINTS;
    case FACTS_TLS_WRONG_PURPOSE:
        return RULE_CERT_WRONG_PURPOSE;
    case FACTS_TLS_NOT_AN_AUTHORITY:
    case FACTS_TLS_NO_CERT_SIGN:
    case FACTS_TLS_PATH_LENGTH:
        return RULE_CERT_NOT_AN_AUTHORITY;
    default:
        return rule_of_reading(code);
    }
}

static void add_weak_key(const rule_context *context, finding_place place, const char *subject,
                         const facts_certificate *certificate)
{
    if (certificate == NULL)
        rule_add_at(context, place, RULE_CERT_WEAK_KEY, "%s", subject);
    else
        rule_add_at(context, place, RULE_CERT_WEAK_KEY, "%s: %s of %d bits", subject, certificate->key_type,
                    certificate->key_bits);
}

static void add_weak_signature(const rule_context *context, finding_place place, const char *subject,
                               const facts_certificate *certificate)
{
    if (certificate == NULL)
        rule_add_at(context, place, RULE_CERT_WEAK_SIGNATURE, "%s", subject);
    else
        rule_add_at(context, place, RULE_CERT_WEAK_SIGNATURE, "%s: signed with %s", subject, certificate->signature);
}

static void add_revoked(const rule_context *context, finding_place place, const facts_staple *staple,
                        const char *subject)
{
    const char *reason = staple != NULL ? facts_reason_name(staple->reason) : NULL;

    if (staple == NULL)
        rule_add_at(context, place, RULE_CERT_REVOKED, "%s", subject);
    else
        rule_add_at(context, place, RULE_CERT_REVOKED, "%s: the stapled OCSP response of %s says revoked%s%s%s%s",
                    subject, rule_time_text(context->arena, staple->this_update),
                    staple->revoked_at != HF_TIME_UNKNOWN ? " since " : "",
                    staple->revoked_at != HF_TIME_UNKNOWN ? rule_time_text(context->arena, staple->revoked_at) : "",
                    reason != NULL ? ", reason " : "", reason != NULL ? reason : "");
}

static bool are_equal(const char *a, const char *b)
{
    return a != NULL && b != NULL && strcmp(a, b) == 0;
}

/* The issuer that was taken has the name, and another key; NULL: it has the key that the certificate asks for, so that
 * the signature itself is damaged. */
static const facts_link *namesake_of(const facts_tls *tls, const facts_tls_error *error,
                                     const facts_certificate *certificate)
{
    size_t above = (size_t)error->depth + 1;
    const facts_link *issuer = above < tls->path_count ? &tls->path[above] : NULL;

    if (issuer == NULL || certificate == NULL)
        return NULL;
    return are_equal(certificate->authority_key, issuer->subject_key) ? NULL : issuer;
}

static const char *key_text(base_arena *arena, const char *identifier)
{
    return identifier != NULL ? base_arena_format(arena, " %s", identifier) : "";
}

static void add_bad_signature(const rule_context *context, finding_place place, const facts_tls *tls,
                              const facts_tls_error *error)
{
    const facts_certificate *certificate = subject_of(tls, error);
    const facts_link *issuer = namesake_of(tls, error, certificate);

    if (issuer == NULL)
        rule_add_at(context, place, RULE_CERT_ERROR, "%s: %s",
                    certificate != NULL ? certificate->subject : "a CA of the trust store", error->text);
    else
        rule_add_at(context, place, RULE_CERT_WRONG_ISSUER,
                    "%s was signed by a key%s of %s; the certificate of that name that is %s has another key%s",
                    certificate->subject, key_text(context->arena, certificate->authority_key), issuer->subject,
                    issuer->sent >= 0 ? "sent" : "in the trust store", key_text(context->arena, issuer->subject_key));
}

static void add_error(const rule_context *context, const facts_hop *hop, const facts_tls_error *error)
{
    const facts_tls *tls = &hop->exchange.tls;
    const facts_certificate *certificate = subject_of(tls, error);
    const char *subject = certificate != NULL ? certificate->subject : "a CA of the trust store";
    const finding_place place = rule_certificate_place(hop, error->sent);

    if (error->depth < 0) {
        rule_add(context, hop, rule_of_code(error->code), "%s", error->text);
        return;
    }
    switch (error->code) {
    case FACTS_TLS_EXPIRED:
        add_expired(context, place, error, certificate);
        break;
    case FACTS_TLS_NOT_YET_VALID:
        add_early(context, place, certificate);
        break;
    case FACTS_TLS_NAME_MISMATCH:
        rule_add_at(context, place, RULE_CERT_WRONG_NAME, "asked for %s, the certificate's names: %s", hop->host.name,
                    names_text(context->arena, &tls->certificates[0]));
        break;
    case FACTS_TLS_SELF_SIGNED:
        rule_add_at(context, place, RULE_CERT_SELF_SIGNED, "%s signed itself", subject);
        break;
    case FACTS_TLS_UNTRUSTED_ROOT:
        rule_add_at(context, place, RULE_CERT_UNKNOWN_ISSUER, "the chain ends at the root %s", subject);
        break;
    case FACTS_TLS_ISSUER_MISSING:
        add_issuer_missing(context, hop, place, error, certificate);
        break;
    case FACTS_TLS_WEAK_KEY:
        add_weak_key(context, place, subject, certificate);
        break;
    case FACTS_TLS_WEAK_SIGNATURE:
        add_weak_signature(context, place, subject, certificate);
        break;
    case FACTS_TLS_REVOKED:
        add_revoked(context, place, tls->staple, subject);
        break;
    case FACTS_TLS_BAD_SIGNATURE:
        add_bad_signature(context, place, tls, error);
        break;
    case FACTS_TLS_SIGNATURE_UNCHECKED: /* it follows from a missing issuer, which has its own finding */
    case FACTS_TLS_NO_GOOD_PATH:        /* the errors of the paths have theirs */
        break;
    default:
        rule_add_at(context, place, rule_of_code(error->code), "%s: %s", subject, error->text);
    }
}

/* Who minds it, and who does not. */
static void add_disputed(const rule_context *context, const facts_hop *hop, const facts_tls_error *error)
{
    const facts_certificate *certificate = subject_of(&hop->exchange.tls, error);
    const char *who;
    facts_page page;

    browsers_page_of_errors(error, 1, &page);
    who = browsers_accept_text(page.shown, context->arena);
    if (error->depth < 0)
        rule_add(context, hop, rule_of_code(error->code), "%s: %s", error->text, who);
    else
        rule_add_at(context, rule_certificate_place(hop, error->sent), rule_of_code(error->code), "%s: %s: %s",
                    certificate != NULL ? certificate->subject : "a CA of the trust store", error->text, who);
}

static bool is_told(const facts_tls *tls, int sent)
{
    for (size_t i = 0; i < tls->error_count; i++)
        if (tls->errors[i].code == FACTS_TLS_WEAK_KEY && tls->errors[i].sent == sent)
            return true;
    for (size_t i = 0; i < tls->disputed_count; i++)
        if (tls->disputed[i].code == FACTS_TLS_SHORT_KEY && tls->disputed[i].sent == sent)
            return true;
    return false;
}

static bool is_short_rsa(const facts_certificate *certificate)
{
    return certificate->key_type != NULL && strncmp(certificate->key_type, "RSA", 3) == 0 &&
           certificate->key_bits > 0 && certificate->key_bits < RSA_BITS_MIN;
}

/* Below a CA that is not public browsers accept RSA keys of 1024 bits; who has computers enough factors them. */
static void judge_short_keys(const rule_context *context, const facts_hop *hop)
{
    const facts_tls *tls = &hop->exchange.tls;

    for (size_t i = 0; i < tls->path_count; i++) {
        int sent = tls->path[i].sent;

        if (sent >= 0 && (size_t)sent < tls->certificate_count && is_short_rsa(&tls->certificates[sent]) &&
            !is_told(tls, sent))
            add_weak_key(context, rule_certificate_place(hop, sent), tls->certificates[sent].subject,
                         &tls->certificates[sent]);
    }
}

static void judge_time_left(const rule_context *context, const facts_hop *hop, const facts_certificate *leaf)
{
    int64_t left, life;

    if (leaf->not_before == HF_TIME_UNKNOWN || !rule_is_late(context, leaf, leaf->not_after))
        return;
    left = leaf->not_after - context->judgement->now;
    life = leaf->not_after - leaf->not_before;
    rule_add_at(context, rule_certificate_place(hop, 0), RULE_CERT_EXPIRES_SOON,
                "%lld days and %lld hours are left, %lld%% of its life: valid until %s", (long long)(left / 86400),
                (long long)(left % 86400 / 3600), (long long)(life > 0 ? (double)left * 100 / (double)life : 0),
                rule_time_text(context->arena, leaf->not_after));
}

/* An issuer that ends before the server's certificate ends it, however fresh that is: a renewal brings another one. */
static void judge_issuers(const rule_context *context, const facts_hop *hop)
{
    const facts_tls *tls = &hop->exchange.tls;

    for (size_t i = 1; i < tls->path_count && tls->error_count == 0 && tls->certificate_count > 0; i++) {
        const facts_link *link = &tls->path[i];

        if ((link->self_issued && link->sent < 0) || link->not_after >= tls->path[0].not_after ||
            !rule_is_late(context, &tls->certificates[0], link->not_after))
            continue;
        rule_add_at(context, finding_at_certificate(hop, link->sent, link->subject), RULE_CERT_ISSUER_EXPIRES_SOON,
                    "%s is valid until %s, the server's certificate until %s", link->subject,
                    rule_time_text(context->arena, link->not_after),
                    rule_time_text(context->arena, tls->path[0].not_after));
    }
}

void rule_judge_name(const rule_context *context, const facts_hop *hop)
{
    const facts_tls *tls = &hop->exchange.tls;

    for (size_t i = 0; i < tls->error_count; i++)
        if (tls->errors[i].code == FACTS_TLS_NAME_MISMATCH)
            add_error(context, hop, &tls->errors[i]);
    for (size_t i = 0; i < tls->disputed_count; i++)
        if (tls->disputed[i].code == FACTS_TLS_WILDCARD_SUFFIX || tls->disputed[i].code == FACTS_TLS_NAME_DOT)
            add_disputed(context, hop, &tls->disputed[i]);
}

static void judge_hop(const rule_context *context, facts_way way, size_t index)
{
    const facts_hop *hop = context->site->chains[way].hops[index];
    const facts_tls *tls = &hop->exchange.tls;

    for (size_t i = 0; i < tls->error_count; i++)
        add_error(context, hop, &tls->errors[i]);
    for (size_t i = 0; i < tls->disputed_count; i++)
        add_disputed(context, hop, &tls->disputed[i]);
    judge_short_keys(context, hop);
    if (tls->certificate_count > 0)
        judge_time_left(context, hop, &tls->certificates[0]);
    judge_issuers(context, hop);
}

const rule_family rule_family_certificate = {.name = "certificate", .hop = judge_hop};
