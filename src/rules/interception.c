/*
 * Whether something between here and the host shows certificates of its own. A root that was installed on this machine
 * is no proof: private authorities are installed too. The name of a product is a hint, one issuer for unrelated hosts a
 * stronger one.
 */
#include "rules/families.h"

#include "base/domain.h"

/* Words in the names of roots that such programs and devices make. */
static const char *const interceptors[] = {
    "Avast",      "AVG ",        "Kaspersky",     "ESET",        "Bitdefender",  "Sophos",       "Symantec Web",
    "Zscaler",    "Fortinet",    "FortiGate",     "Blue Coat",   "Netskope",     "Umbrella",     "Palo Alto",
    "Forcepoint", "McAfee Web",  "Check Point",   "Barracuda",   "WatchGuard",   "SonicWall",    "Untangle",
    "mitmproxy",  "PortSwigger", "Charles Proxy", "FiddlerRoot", "Fiddler_Root", "DO_NOT_TRUST", "AdGuard",
    "Superfish",  "Intercept",   "Inspection",
};

static const char *product_of(const char *name)
{
    for (size_t i = 0; i < sizeof interceptors / sizeof *interceptors; i++)
        if (strstr(name, interceptors[i]) != NULL)
            return interceptors[i];
    return NULL;
}

static const facts_hop *hop_of(const facts_site *site)
{
    const facts_redirects *chain = &site->chains[FACTS_HTTPS];

    return chain->count > 0 && chain->hops[0]->exchange.tls.certificate_count > 0 ? chain->hops[0] : NULL;
}

static void judge_site(const rule_context *context)
{
    const facts_hop *hop = hop_of(context->site);
    const facts_tls *tls = hop != NULL ? &hop->exchange.tls : NULL;
    const facts_link *root = tls != NULL && tls->path_count > 0 ? &tls->path[tls->path_count - 1] : NULL;
    const char *product;

    if (root == NULL || tls->root != FACTS_ROOT_LOCAL)
        return;
    product = product_of(root->subject);
    if (product == NULL)
        product = product_of(tls->certificates[0].issuer);
    if (product != NULL)
        rule_add_at(context, finding_at_certificate(hop, root->sent, root->subject), RULE_TLS_INTERCEPTED,
                    "the chain ends at %s, which is not a public root, and \"%s\" is in its name or its issuer's",
                    root->subject, product);
    else
        rule_add_at(context, finding_at_certificate(hop, root->sent, root->subject), RULE_TLS_LOCAL_ROOT,
                    "the chain ends at %s, SHA-256 %.16s...", root->subject, root->fingerprint);
}

/* -- Several sites ------------------------------------------------------------------------------------------------- */

/* True if the certificate was issued by somebody who is not public: by a root of this machine alone, or by nobody who
 * is trusted. */
static bool is_not_public(const facts_tls *tls)
{
    if (tls->root != FACTS_ROOT_UNKNOWN)
        return tls->root == FACTS_ROOT_LOCAL;
    for (size_t i = 0; i < tls->error_count; i++)
        if (tls->errors[i].code == FACTS_TLS_UNTRUSTED_ROOT || tls->errors[i].code == FACTS_TLS_ISSUER_MISSING)
            return true;
    return false;
}

static bool is_unrelated(const facts_site *a, const facts_site *b)
{
    hf_host a_domain, b_domain;

    if (a->host.kind != HF_HOST_NAME || b->host.kind != HF_HOST_NAME)
        return false;
    base_domain_of(&a->host, &a_domain);
    base_domain_of(&b->host, &b_domain);
    return strcmp(a_domain.name, b_domain.name) != 0;
}

/* Another site, unrelated by name, whose certificate has the same issuer, who is not public; NULL: none. */
static const facts_site *find_twin(const rule_context *contexts, size_t count, const facts_site *site)
{
    const facts_hop *hop = hop_of(site);

    if (hop == NULL || !is_not_public(&hop->exchange.tls))
        return NULL;
    for (size_t i = 0; i < count; i++) {
        const facts_hop *other = hop_of(contexts[i].site);

        if (other != NULL && is_unrelated(site, contexts[i].site) && is_not_public(&other->exchange.tls) &&
            strcmp(other->exchange.tls.certificates[0].issuer, hop->exchange.tls.certificates[0].issuer) == 0)
            return contexts[i].site;
    }
    return NULL;
}

static void judge_together(const rule_context *contexts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const facts_site *twin = find_twin(contexts, count, contexts[i].site);
        const facts_hop *hop = hop_of(contexts[i].site);

        if (twin == NULL)
            continue;
        rule_add_at(&contexts[i], rule_certificate_place(hop, 0), RULE_TLS_INTERCEPTED,
                    "%s, a host with an unrelated name, shows a certificate of the same issuer, %s, and the chain of "
                    "neither ends at a public root",
                    twin->host.name, hop->exchange.tls.certificates[0].issuer);
    }
}

const rule_family rule_family_interception = {.name = "interception", .site = judge_site, .together = judge_together};
