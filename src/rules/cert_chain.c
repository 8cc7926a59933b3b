/* How the certificates are sent, how long they are valid, and which other trust stores accept them. */
#include "rules/families.h"

#define DAY 86400
#define LIFE_MAX 398                   /* days */
#define LIFE_SINCE INT64_C(1598918400) /* 2020-09-01: what was issued before may live longer */
#define CODES_SHOWN 6
#define PLACES_SHOWN 16

static const struct {
    facts_place place;
    rule_id id;
} places[] = {
    {FACTS_PLACE_OUT_OF_ORDER, RULE_CHAIN_ORDER},  {FACTS_PLACE_DUPLICATE, RULE_CHAIN_DUPLICATE},
    {FACTS_PLACE_UNRELATED, RULE_CHAIN_UNRELATED}, {FACTS_PLACE_OTHER_KEY, RULE_CHAIN_OTHER_KEY},
    {FACTS_PLACE_ROOT, RULE_CHAIN_ROOT_SENT},
};

static bool is_on_path(const facts_tls *tls, int sent)
{
    for (size_t i = 0; i < tls->path_count; i++)
        if (tls->path[i].sent == sent)
            return true;
    return false;
}

/* What the path goes through is not out of place: what is wrong with it there is an error of its own. */
static bool is_at(const facts_tls *tls, size_t i, facts_place place)
{
    return tls->certificates[i].place == place && !(place == FACTS_PLACE_OTHER_KEY && is_on_path(tls, (int)i));
}

/* One finding, at the first of them, for all certificates that are out of place in the same way. */
static void judge_place(const rule_context *context, const facts_hop *hop, facts_place place, rule_id id)
{
    const facts_tls *tls = &hop->exchange.tls;
    const char *text = "";
    size_t first = 0, count = 0;

    for (size_t i = 0; i < tls->certificate_count; i++) {
        if (!is_at(tls, i, place))
            continue;
        if (count == 0)
            first = i;
        if (count++ < PLACES_SHOWN)
            text = base_arena_format(context->arena, "%s%snumber %zu, %s", text, count > 1 ? "; " : "", i + 1,
                                     tls->certificates[i].subject);
    }
    if (count > PLACES_SHOWN)
        text = base_arena_format(context->arena, "%s; and %zu more", text, count - PLACES_SHOWN);
    if (count > 0)
        rule_add_at(context, rule_certificate_place(hop, (int)first), id, "of %zu that are sent: %s",
                    tls->certificate_count, text);
}

static void judge_places(const rule_context *context, const facts_hop *hop)
{
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        judge_place(context, hop, places[i].place, places[i].id);
}

/* Every certificate between the server's own and the last one of the path should have been sent. */
static void judge_gaps(const rule_context *context, const facts_hop *hop)
{
    const facts_tls *tls = &hop->exchange.tls;

    for (size_t i = 1; i + 1 < tls->path_count; i++)
        if (tls->path[i].sent < 0 && !tls->path[i].self_issued)
            rule_add_at(context, finding_at_certificate(hop, -1, tls->path[i].subject), RULE_CHAIN_INCOMPLETE,
                        "%s is not sent, and was found only in the trust store", tls->path[i].subject);
}

/* Browsers build a path without it; clients that take the chain as it comes refuse it. */
static void judge_expired(const rule_context *context, const facts_hop *hop)
{
    const facts_tls *tls = &hop->exchange.tls;
    int64_t now = context->judgement->now;

    for (size_t i = 1; i < tls->certificate_count && tls->error_count == 0 && tls->path_count > 0; i++) {
        const facts_certificate *certificate = &tls->certificates[i];

        if (certificate->not_after != HF_TIME_UNKNOWN && certificate->not_after < now && !is_on_path(tls, (int)i) &&
            certificate->place != FACTS_PLACE_DUPLICATE)
            rule_add_at(context, rule_certificate_place(hop, (int)i), RULE_CHAIN_EXPIRED,
                        "number %zu of %zu that are sent, %s, issued by %s, expired on %s", i + 1,
                        tls->certificate_count, certificate->subject, certificate->issuer,
                        rule_time_text(context->arena, certificate->not_after));
    }
}

/* The rule is one of browsers, for public authorities: what an owner has installed may last for as long as the owner
 * likes. */
static void judge_life(const rule_context *context, const facts_hop *hop)
{
    const facts_tls *tls = &hop->exchange.tls;
    const facts_certificate *leaf = tls->certificates;
    int64_t life;

    if (tls->certificate_count == 0 || leaf->not_before == HF_TIME_UNKNOWN || leaf->not_after == HF_TIME_UNKNOWN ||
        leaf->not_before < LIFE_SINCE || (tls->path_count == 0 && tls->root == FACTS_ROOT_UNKNOWN))
        return;
    life = leaf->not_after - leaf->not_before;
    if (life <= (int64_t)LIFE_MAX * DAY)
        return;
    rule_add_at(context, rule_certificate_place(hop, 0),
                tls->root == FACTS_ROOT_PUBLIC ? RULE_CERT_VALIDITY_TOO_LONG : RULE_CERT_VALIDITY_LONG,
                "%lld days, from %s to %s", (long long)((life + DAY - 1) / DAY),
                rule_time_text(context->arena, leaf->not_before), rule_time_text(context->arena, leaf->not_after));
}

static void judge_stores(const rule_context *context, const facts_hop *hop)
{
    const facts_tls *tls = &hop->exchange.tls;

    for (size_t i = 0; i < tls->verdict_count; i++) {
        const facts_store_verdict *verdict = &tls->verdicts[i];
        const char *codes = "";

        for (size_t k = 0; k < verdict->error_count && k < CODES_SHOWN; k++)
            codes = base_arena_format(context->arena, "%s%s%s", codes, k > 0 ? ", " : "",
                                      facts_tls_code_name(verdict->errors[k].code));
        if (verdict->error_count > CODES_SHOWN)
            codes = base_arena_format(context->arena, "%s, and %zu more", codes, verdict->error_count - CODES_SHOWN);
        if (verdict->error_count > 0)
            rule_add_at(context, rule_certificate_place(hop, verdict->errors[0].sent), RULE_STORE_REFUSES, "%s: %s",
                        verdict->store, codes);
    }
}

/* The same certificate as for nobody in particular. */
static void judge_default(const rule_context *context, const facts_hop *hop)
{
    const facts_tls *tls = &hop->exchange.tls, *other = &context->site->default_host.exchange.tls;

    if (other->certificate_count == 0 || tls->certificate_count == 0 || hop->port != context->site->port ||
        strcmp(tls->certificates[0].fingerprint, other->certificates[0].fingerprint) != 0)
        return;
    for (size_t i = 0; i < tls->error_count; i++)
        if (tls->errors[i].code == FACTS_TLS_NAME_MISMATCH)
            rule_add_at(context, rule_certificate_place(hop, 0), RULE_CERT_DEFAULT,
                        "with %s in SNI and without SNI the server sends %s, SHA-256 %.16s...", hop->host.name,
                        tls->certificates[0].subject, tls->certificates[0].fingerprint);
}

static void judge_names(const rule_context *context, const facts_hop *hop)
{
    const facts_tls *tls = &hop->exchange.tls;

    if (tls->certificate_count == 0 || strcmp(hop->host.name, context->site->host.name) != 0)
        return;
    for (size_t i = 0; i < context->site->also_name_count; i++)
        if (!facts_certificate_covers(&tls->certificates[0], context->site->also_names[i]))
            rule_add_at(context, rule_certificate_place(hop, 0), RULE_CERT_NAME_UNCOVERED,
                        "%s is not among the names of %s", context->site->also_names[i], tls->certificates[0].subject);
}

static void judge_hop(const rule_context *context, facts_way way, size_t index)
{
    const facts_hop *hop = context->site->chains[way].hops[index];

    judge_places(context, hop);
    judge_gaps(context, hop);
    judge_expired(context, hop);
    judge_life(context, hop);
    judge_stores(context, hop);
    judge_default(context, hop);
    judge_names(context, hop);
}

const rule_family rule_family_cert_chain = {.name = "cert-chain", .hop = judge_hop};
