/* The one plain verdict: is HSTS in force, would a browser let visitors in, until when. */
#include "rules/family.h"

#include "base/time.h"

static const char *const access_names[] = {"open", "warned", "locked-out", "none"};

const char *rule_access_name(rule_access access)
{
    return access_names[access];
}

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

/* The first expiry on the way from the server's certificate up. What was sent besides does not matter to anybody. */
static int64_t chain_until(const facts_tls *tls)
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

static int64_t add_saturated(int64_t at, int64_t seconds)
{
    return at > 0 && seconds > INT64_MAX - at ? HF_TIME_NEVER : at + seconds;
}

static void judge_access(const facts_host *facts, rule_verdict *verdict)
{
    if (facts->https.response == NULL) {
        verdict->first_visit = verdict->later_visit = RULE_ACCESS_NONE;
    } else if (facts->https.tls.error_count > 0) {
        /* RFC 6797 8.4: "When connecting to a Known HSTS Host, the UA MUST terminate the connection [...] if there are any
           errors", and 12.1: "the user should not be presented with a dialog giving her the option to proceed". */
        verdict->first_visit = RULE_ACCESS_WARNED;
        verdict->later_visit = RULE_ACCESS_LOCKED_OUT;
    }
}

/* -- In words ----------------------------------------------------------------------------------------------------------------- */

static const char *until_text(base_arena *arena, int64_t at, int64_t until)
{
    char text[BASE_TIME_MAX];
    long long days = (long long)((until - at) / 86400);

    base_time_format(until, text);
    return base_arena_format(arena, "%.10s (%lld day%s)", text, days, days == 1 ? "" : "s");
}

static const char *field_text(const rule_report *report)
{
    if (report->verdict.in_force)
        return "HSTS is in force";
    switch (report->verdict.noted) {
    case HF_NOTED_IGNORED_NO_FIELD:
        return "HSTS is not in force (no STS field)";
    case HF_NOTED_IGNORED_VOID:
        return "HSTS is not in force (the STS field is void)";
    case HF_NOTED_IGNORED_UNKNOWN:
        return "HSTS is turned off (max-age=0)";
    case HF_NOTED_IGNORED_IP:
        return "HSTS is not in force (an IP address cannot be an HSTS host)";
    case HF_NOTED_IGNORED_LOCALHOST:
        return "HSTS is not in force (localhost is exempt)";
    default:
        return "HSTS is not in force";
    }
}

static const char *summary_of(const facts_host *facts, base_arena *arena, const rule_report *report)
{
    const rule_verdict *verdict = &report->verdict;
    const facts_failure *failure = facts->https.failure;

    if (!verdict->looked)
        return base_arena_format(arena, "Could not look: %s.", failure->text);
    if (verdict->first_visit == RULE_ACCESS_NONE)
        return base_arena_format(arena, "Nobody gets in: %s. HSTS cannot take hold.", failure->text);
    if (verdict->first_visit == RULE_ACCESS_WARNED)
        return "HSTS cannot take hold, for the certificate has errors. First visitors meet a warning; who holds a "
               "policy is "
               "locked out.";
    return base_arena_format(arena, "%s. Browsers let visitors in; the certificate is good until %s.",
                             field_text(report), until_text(arena, report->at, verdict->certificate_until));
}

void rule_verdict_of(const facts_host *facts, base_arena *arena, rule_report *report)
{
    rule_verdict *verdict = &report->verdict;

    verdict->in_force = verdict->noted == HF_NOTED_ADDED;
    verdict->certificate_until = chain_until(&facts->https.tls);
    verdict->policy_until = verdict->in_force ? add_saturated(report->at, report->policy.max_age) : HF_TIME_UNKNOWN;
    judge_access(facts, verdict);
    report->summary = summary_of(facts, arena, report);
}
