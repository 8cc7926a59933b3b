/* The certificates of a server with both kinds of keys: the one that browsers did not see. */
#include "rules/families.h"

static bool is_same_leaf(const facts_tls *a, const facts_tls *b)
{
    return a->certificate_count > 0 && b->certificate_count > 0 &&
           strcmp(a->certificates[0].fingerprint, b->certificates[0].fingerprint) == 0;
}

static void judge(const rule_context *context, const facts_hop *hop, facts_key_type type)
{
    const facts_tls *tls = &context->site->key_certificates.exchanges[type].tls;
    const facts_certificate *leaf = &tls->certificates[0];

    if (tls->error_count > 0)
        rule_add(context, hop, RULE_CERT_OTHER_KEY, "clients that accept only %s keys get %s: %s",
                 facts_key_type_name(type), leaf->subject, tls->errors[0].text);
    else if (leaf->not_before != HF_TIME_UNKNOWN && rule_is_late(context, leaf, leaf->not_after))
        rule_add(context, hop, RULE_CERT_OTHER_KEY, "clients that accept only %s keys get %s, which is valid until %s",
                 facts_key_type_name(type), leaf->subject, rule_time_text(context->arena, leaf->not_after));
}

static void judge_site(const rule_context *context)
{
    const facts_redirects *chain = &context->site->chains[FACTS_HTTPS];

    for (facts_key_type type = 0; context->site->key_certificates.looked && type < FACTS_KEY_TYPES; type++) {
        const facts_tls *tls = &context->site->key_certificates.exchanges[type].tls;

        if (tls->certificate_count > 0 && chain->count > 0 && !is_same_leaf(tls, &chain->hops[0]->exchange.tls))
            judge(context, chain->hops[0], type);
    }
}

const rule_family rule_family_key_types = {.name = "key types", .site = judge_site};
