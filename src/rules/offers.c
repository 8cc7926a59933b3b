/* Protocols and ciphers that a server offers besides what browsers choose. */
#include "rules/families.h"

#include "base/buffer.h"

#include <string.h>

#define SUITES_NAMED 6
#define TEXT_MAX 1024
#define DH_LEAST 2048 /* bits */

/* -- Suites -------------------------------------------------------------------------------------------------------- */

typedef bool is_kind(const facts_suite *suite);

static bool has(const facts_suite *suite, const char *part)
{
    return strstr(suite->name, part) != NULL;
}

/* Whoever is on the path reads along, or decrypts with little effort. */
static bool is_broken(const facts_suite *suite)
{
    return has(suite, "_NULL_") || has(suite, "_anon_") || has(suite, "_EXPORT") || has(suite, "_RC4_") ||
           has(suite, "_RC2_") || has(suite, "_DES_") || has(suite, "_DES40_");
}

/* Blocks of 64 bits. */
static bool is_weak(const facts_suite *suite)
{
    return has(suite, "_3DES_") || has(suite, "_IDEA_");
}

static bool has_small_group(const facts_suite *suite)
{
    return suite->dh_bits > 0 && suite->dh_bits < DH_LEAST;
}

/* "TLSv1: TLS_RSA_WITH_RC4_128_SHA, ...; TLSv1.2: ..."; returns how many there are. */
static size_t write_list(const facts_offers *offers, is_kind *is, base_buffer *text)
{
    size_t count = 0;

    for (facts_tls_version version = 0; version < FACTS_TLS_VERSIONS; version++) {
        size_t before = count;

        for (size_t i = 0; i < offers->protocols[version].suite_count; i++) {
            const facts_suite *suite = &offers->protocols[version].suites[i];

            if (!is(suite) || ++count > SUITES_NAMED)
                continue;
            if (count == before + 1)
                base_buffer_appendf(text, "%s%s: %s", before > 0 ? "; " : "", facts_tls_version_name(version),
                                    suite->name);
            else
                base_buffer_appendf(text, ", %s", suite->name);
        }
    }
    return count;
}

static void judge_kind(const rule_context *context, const facts_hop *hop, is_kind *is, rule_id id)
{
    base_buffer text;
    size_t count;

    base_buffer_init(&text, TEXT_MAX);
    count = write_list(&context->site->offers, is, &text);
    if (count > SUITES_NAMED)
        base_buffer_appendf(&text, " and %zu more", count - SUITES_NAMED);
    if (count > 0)
        rule_add(context, hop, id, "%s", base_buffer_string(&text));
    base_buffer_done(&text);
}

/* -- What browsers would choose ------------------------------------------------------------------------------------ */

static void judge_choices(const rule_context *context, const facts_hop *hop)
{
    for (facts_engine engine = FACTS_ENGINE_ANY + 1; engine < FACTS_ENGINES; engine++) {
        const facts_choice *choice = &context->site->offers.choices[engine];

        if (choice->suite == NULL || !has(choice->suite, "TLS_RSA_WITH_"))
            continue;
        rule_add(context, hop, RULE_TLS_NO_FORWARD_SECRECY, "%s gets %s, %s",
                 facts_browser_name(facts_engine_browser(engine)), facts_tls_version_name(choice->version),
                 choice->suite->name);
        return;
    }
}

/* -- Versions ------------------------------------------------------------------------------------------------------ */

static void judge_versions(const rule_context *context, const facts_hop *hop)
{
    const facts_offers *offers = &context->site->offers;
    bool first = facts_offers_has(offers, FACTS_TLS_1_0), second = facts_offers_has(offers, FACTS_TLS_1_1);
    bool is_whole = offers->protocols[FACTS_TLS_1_3].failure == NULL;

    if (facts_offers_has(offers, FACTS_SSL_3_0))
        rule_add(context, hop, RULE_TLS_SSL3, "SSLv3 with %s", offers->protocols[FACTS_SSL_3_0].suites[0].name);
    if (first || second)
        rule_add(context, hop, RULE_TLS_OLD_VERSION, "%s%s%s", first ? "TLSv1" : "", first && second ? " and " : "",
                 second ? "TLSv1.1" : "");
    if (facts_offers_has(offers, FACTS_TLS_1_2) && !facts_offers_has(offers, FACTS_TLS_1_3) && is_whole)
        rule_add(context, hop, RULE_TLS_WITHOUT_13, "TLSv1.2 is the highest");
}

static bool speaks_before_13(const facts_offers *offers)
{
    for (facts_tls_version version = 0; version < FACTS_TLS_1_3; version++)
        if (facts_offers_has(offers, version))
            return true;
    return false;
}

static bool compresses(const facts_offers *offers)
{
    for (facts_tls_version version = 0; version < FACTS_TLS_VERSIONS; version++)
        if (offers->protocols[version].deflate)
            return true;
    return false;
}

static void judge_site(const rule_context *context)
{
    const facts_offers *offers = &context->site->offers;
    const facts_redirects *chain = &context->site->chains[FACTS_HTTPS];

    if (!offers->looked || chain->count == 0)
        return;
    judge_versions(context, chain->hops[0]);
    judge_kind(context, chain->hops[0], is_broken, RULE_TLS_BROKEN_CIPHER);
    judge_kind(context, chain->hops[0], is_weak, RULE_TLS_WEAK_CIPHER);
    judge_kind(context, chain->hops[0], has_small_group, RULE_TLS_SMALL_GROUP);
    judge_choices(context, chain->hops[0]);
    if (compresses(offers))
        rule_add(context, chain->hops[0], RULE_TLS_COMPRESSION, "the server agrees to DEFLATE");
    if (speaks_before_13(offers) && !offers->secure_renegotiation)
        rule_add(context, chain->hops[0], RULE_TLS_RENEGOTIATION, "its ServerHello has no renegotiation_info");
}

const rule_family rule_family_offers = {.name = "offers", .site = judge_site};
