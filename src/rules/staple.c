/* The OCSP response that is stapled to the handshake. That a certificate is revoked is told among its errors. */
#include "rules/families.h"

static const struct {
    facts_staple_problem problem;
    const char *text;
} problems[] = {
    {FACTS_STAPLE_MALFORMED, "it is not an OCSP response"},
    {FACTS_STAPLE_UNSUCCESSFUL, "it says that the responder gave no answer"},
    {FACTS_STAPLE_OTHER_CERTIFICATE, "it is about another certificate"},
    {FACTS_STAPLE_BAD_SIGNATURE, "its signature is not the issuer's"},
    {FACTS_STAPLE_NOT_YET_VALID, "its time has not begun"},
    {FACTS_STAPLE_EXPIRED, "its time is over"},
};

/* What is wrong with it; NULL: nothing, or nobody can tell. */
static const char *fault_of(const facts_staple *staple)
{
    for (size_t i = 0; i < sizeof problems / sizeof *problems; i++)
        if (staple->problem == problems[i].problem)
            return problems[i].text;
    if (staple->problem == FACTS_STAPLE_NONE && staple->status == FACTS_REVOCATION_UNKNOWN)
        return "it says that the CA does not know the certificate";
    return NULL;
}

static const char *period(const rule_context *context, const facts_staple *staple)
{
    if (staple->this_update == HF_TIME_UNKNOWN || staple->next_update == HF_TIME_UNKNOWN)
        return "";
    return base_arena_format(context->arena, " (it is for %s to %s)",
                             rule_time_text(context->arena, staple->this_update),
                             rule_time_text(context->arena, staple->next_update));
}

static void judge_hop(const rule_context *context, facts_way way, size_t index)
{
    const facts_hop *hop = context->site->chains[way].hops[index];
    const facts_tls *tls = &hop->exchange.tls;
    const char *fault = tls->staple != NULL ? fault_of(tls->staple) : NULL;
    const finding_place place = rule_certificate_place(hop, 0);
    bool must = tls->certificate_count > 0 && tls->certificates[0].must_staple;

    if (fault != NULL)
        rule_add_at(context, place, must ? RULE_STAPLE_MISSING : RULE_STAPLE_FAULT, "there is one, but %s%s", fault,
                    period(context, tls->staple));
    else if (must && tls->staple == NULL)
        rule_add_at(context, place, RULE_STAPLE_MISSING,
                    "%s has the TLS feature status_request; no staple came with it", tls->certificates[0].subject);
}

const rule_family rule_family_staple = {.name = "staple", .hop = judge_hop};
