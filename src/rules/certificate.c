/* What is wrong with the certificates. Every error of the chain that a browser would name becomes a finding. */
#include "rules/families.h"

#define SOON (14 * 86400) /* or a third of its life, if that is shorter: then the renewal is late */
#define NAMES_SHOWN 12

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
        "It is a root, which whoever looks has in a trust store: update that (here: the system's, or --cafile), "
        "and have the server send a chain to a root that is in date.";
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

/*
 * Who signed the certificate at the end of what was built is nowhere to be found. If that is the server's own, its
 * issuer should have been sent. If it is an authority's, the root above it is one that is not trusted.
 */
static void add_issuer_missing(const rule_context *context, finding_place place, const facts_tls_error *error,
                               const facts_certificate *certificate)
{
    const char *subject = certificate != NULL ? certificate->subject : "?";
    const char *issuer = certificate != NULL ? certificate->issuer : "?";

    if (error->depth == 0)
        rule_add_at(context, place, RULE_CERT_MISSING_INTERMEDIATE,
                    "%s was signed by %s, which was not sent and is not in the trust store", subject, issuer);
    else
        rule_add_at(context, place, RULE_CERT_UNKNOWN_ISSUER, "the chain sent ends at %s, signed by %s", subject,
                    issuer);
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
        return RULE_TLS_CIPHER;
    case FACTS_TLS_NAME_CONSTRAINTS:
        return RULE_CERT_NAME_CONSTRAINTS;
    case FACTS_TLS_WRONG_PURPOSE:
        return RULE_CERT_WRONG_PURPOSE;
    case FACTS_TLS_NOT_AN_AUTHORITY:
    case FACTS_TLS_PATH_LENGTH:
        return RULE_CERT_NOT_AN_AUTHORITY;
    default:
        return RULE_CERT_ERROR;
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
        add_issuer_missing(context, place, error, certificate);
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
    case FACTS_TLS_SIGNATURE_UNCHECKED: /* it follows from a missing issuer, which has its own finding */
        break;
    default:
        rule_add_at(context, place, rule_of_code(error->code), "%s: %s", subject, error->text);
    }
}

static void judge_time_left(const rule_context *context, const facts_hop *hop, const facts_certificate *leaf)
{
    const finding_place place = rule_certificate_place(hop, 0);
    int64_t left, life, now = context->judgement->now;

    if (leaf->not_after == HF_TIME_UNKNOWN || leaf->not_before == HF_TIME_UNKNOWN || leaf->not_after < now)
        return;
    left = now < 0 && leaf->not_after > INT64_MAX + now ? INT64_MAX : leaf->not_after - now;
    life = leaf->not_after - leaf->not_before;
    if (left < SOON && left < life / 3)
        rule_add_at(context, place, RULE_CERT_EXPIRES_SOON, "%lld days and %lld hours are left: valid until %s",
                    (long long)(left / 86400), (long long)(left % 86400 / 3600),
                    rule_time_text(context->arena, leaf->not_after));
}

/* An issuer that ends before the server's certificate ends it, however fresh that is. */
static void judge_issuers(const rule_context *context, const facts_hop *hop)
{
    const facts_tls *tls = &hop->exchange.tls;
    int64_t now = context->judgement->now;

    for (size_t i = 1; i < tls->path_count && tls->error_count == 0; i++) {
        const facts_link *link = &tls->path[i];

        if (link->not_after == HF_TIME_UNKNOWN || link->not_after < now || link->not_after - now >= SOON ||
            (link->self_issued && link->sent < 0) || link->not_after >= tls->path[0].not_after)
            continue;
        rule_add_at(context, finding_at_certificate(hop, link->sent, link->subject), RULE_CERT_ISSUER_EXPIRES_SOON,
                    "%s is valid until %s, the server's certificate until %s", link->subject,
                    rule_time_text(context->arena, link->not_after),
                    rule_time_text(context->arena, tls->path[0].not_after));
    }
}

static void judge_hop(const rule_context *context, facts_way way, size_t index)
{
    const facts_hop *hop = context->site->chains[way].hops[index];
    const facts_tls *tls = &hop->exchange.tls;

    for (size_t i = 0; i < tls->error_count; i++)
        add_error(context, hop, &tls->errors[i]);
    if (tls->certificate_count > 0)
        judge_time_left(context, hop, &tls->certificates[0]);
    judge_issuers(context, hop);
}

const rule_family rule_family_certificate = {.name = "certificate", .hop = judge_hop};
