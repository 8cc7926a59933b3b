/* The one plain verdict: is HSTS in force, would a browser let visitors in, until when. */
#include "rules/families.h"

#include "base/time.h"
#include "browsers/causes.h"

static int64_t add_saturated(int64_t now, int64_t seconds)
{
    return now > 0 && seconds > INT64_MAX - now ? HF_TIME_NEVER : now + seconds;
}

/* What browsers refuse of the connection itself; NULL: nothing. They show an error that cannot be bypassed. */
static const facts_tls_error *refusal_of(const facts_hop *hop)
{
    const facts_tls *tls = &hop->exchange.tls;

    for (size_t i = 0; i < tls->error_count; i++)
        if (tls->errors[i].depth < 0)
            return &tls->errors[i];
    return NULL;
}

/* An error page that users of Chrome or of Firefox cannot bypass, policy or not. */
static bool is_final(const facts_hop *hop)
{
    facts_page page;

    return browsers_page_of_errors(hop->exchange.tls.errors, hop->exchange.tls.error_count, &page) && !page.bypass;
}

static void worsen(facts_access *access, facts_access to)
{
    if (to > *access)
        *access = to;
}

/* We, not browsers, could go no further. That a name does not exist is told of the redirect to it. */
static bool is_unseen(const facts_redirects *chain)
{
    const facts_failure *failure = chain->count > 0 ? chain->hops[chain->count - 1]->exchange.failure : NULL;

    return chain->end == FACTS_END_HOST_BUDGET ||
           (failure != NULL && chain->count > 1 && rule_of_failure(failure) == RULE_COUNT &&
            failure->code != FACTS_FAILURE_NAME_UNKNOWN && failure->code != FACTS_FAILURE_NAME_WITHOUT_ADDRESS);
}

/* What browsers show before that point they show all the same. */
static void end_unseen(facts_access *access)
{
    if (*access == FACTS_ACCESS_OPEN)
        *access = FACTS_ACCESS_UNSEEN;
}

/* The way that a visitor of https://HOST is led along, to its end. */
static void judge_access(const facts_site *site, facts_verdict *verdict)
{
    const facts_redirects *chain = &site->chains[FACTS_HTTPS];

    for (size_t i = 0; i < chain->count; i++) {
        const facts_hop *hop = chain->hops[i];

        if (hop->exchange.tls.error_count == 0)
            continue;
        /* RFC 6797 8.4: "When connecting to a Known HSTS Host, the UA MUST terminate the connection [...] if there are
           any errors", and 12.1: "the user should not be presented with a dialog giving her the option to proceed". */
        worsen(&verdict->first_visit, is_final(hop) ? FACTS_ACCESS_LOCKED_OUT : FACTS_ACCESS_WARNED);
        worsen(&verdict->later_visit, is_final(hop) || (verdict->possible && rule_is_same_site(hop, &site->host))
                                          ? FACTS_ACCESS_LOCKED_OUT
                                          : FACTS_ACCESS_WARNED);
        if (refusal_of(hop) != NULL) {
            worsen(&verdict->first_visit, FACTS_ACCESS_NONE);
            worsen(&verdict->later_visit, FACTS_ACCESS_NONE);
        }
    }
    if (is_unseen(chain)) {
        end_unseen(&verdict->first_visit);
        end_unseen(&verdict->later_visit);
    } else if (chain->count == 0 || chain->end != FACTS_END_ANSWERED) {
        verdict->first_visit = verdict->later_visit = FACTS_ACCESS_NONE;
    }
}

static int64_t way_until(const facts_redirects *chain)
{
    int64_t until = HF_TIME_UNKNOWN;

    for (size_t i = 0; i < chain->count; i++) {
        int64_t hop = facts_tls_until(&chain->hops[i]->exchange.tls);

        if (hop != HF_TIME_UNKNOWN && (until == HF_TIME_UNKNOWN || hop < until))
            until = hop;
    }
    return until;
}

/* -- In words ------------------------------------------------------------------------------------------------------ */

static const char *until_text(base_arena *arena, int64_t now, int64_t until)
{
    char text[BASE_TIME_MAX];
    long long days = (long long)((until - now) / 86400);

    base_time_format(until, text);
    return base_arena_format(arena, "%.10s (%lld day%s)", text, days, days == 1 ? "" : "s");
}

static const char *field_text(const finding_judgement *judgement)
{
    if (judgement->verdict.in_force)
        return "HSTS is in force";
    switch (judgement->verdict.noted) {
    case HF_NOTED_IGNORED_NO_FIELD:
        return "HSTS is not in force (no Strict-Transport-Security header)";
    case HF_NOTED_IGNORED_VOID:
        return "HSTS is not in force (the Strict-Transport-Security header is invalid)";
    case HF_NOTED_IGNORED_UNKNOWN:
        return "HSTS is disabled (max-age=0)";
    case HF_NOTED_IGNORED_IP:
        return "HSTS is not in force (an IP address cannot be an HSTS host)";
    case HF_NOTED_IGNORED_LOCALHOST:
        return "HSTS is not in force (localhost is exempt)";
    default:
        return "HSTS is not in force";
    }
}

/* The hop of the way in at which visitors are stopped. */
static const facts_hop *stopped_at(const facts_redirects *chain)
{
    for (size_t i = 0; i < chain->count; i++)
        if (chain->hops[i]->exchange.tls.error_count > 0)
            return chain->hops[i];
    return chain->hops[chain->count - 1];
}

static const char *redirect_text(browsers_redirect reason)
{
    facts_page page;

    browsers_page_of_redirect(reason, &page);
    return page.text;
}

static const char *dead_end_text(const facts_redirects *chain)
{
    const facts_failure *failure = chain->hops[chain->count - 1]->exchange.failure;

    switch (chain->end) {
    case FACTS_END_LOOP:
        return redirect_text(BROWSERS_REDIRECT_LOOP);
    case FACTS_END_TOO_MANY:
        return redirect_text(BROWSERS_REDIRECT_TOO_MANY);
    case FACTS_END_NOWHERE:
        return "a redirect leads to no URL that browsers open";
    default:
        if (refusal_of(chain->hops[chain->count - 1]) != NULL)
            return "browsers refuse the TLS of the server that the redirect leads to";
        return failure != NULL ? facts_code_text(failure->code) : "no answer";
    }
}

static const char *unseen_text(const facts_redirects *chain)
{
    const facts_failure *failure = chain->hops[chain->count - 1]->exchange.failure;

    return facts_code_text(failure != NULL ? failure->code : FACTS_FAILURE_HOST_BUDGET);
}

/* The browsers whose users cannot bypass the errors of the hop. */
static const char *blockers(const facts_hop *hop)
{
    facts_page page;

    browsers_page_of_errors(hop->exchange.tls.errors, hop->exchange.tls.error_count, &page);
    if (page.shown[FACTS_BROWSER_CHROME].bypass)
        return facts_browser_name(FACTS_BROWSER_FIREFOX);
    return page.shown[FACTS_BROWSER_FIREFOX].bypass ? facts_browser_name(FACTS_BROWSER_CHROME) : "Chrome and Firefox";
}

/* Who comes without https:// and without a policy: "" if nothing is to be said. */
static const char *clear_text(const finding_judgement *judgement)
{
    for (size_t i = 0; i < judgement->findings.count; i++) {
        if (judgement->findings.items[i].rule == RULE_HTTP_NO_REDIRECT)
            return " But http:// serves content over plain HTTP.";
        if (judgement->findings.items[i].rule == RULE_HTTP_REDIRECT_FOREIGN)
            return " But http:// redirects to another host before the policy is noted.";
    }
    return "";
}

/* Nothing is known of the host; but what to do about that is. */
static const char *could_not_look(base_arena *arena, const facts_failure *failure)
{
    const char *next = "";

    if (failure->code == FACTS_FAILURE_NAME_UNKNOWN || failure->code == FACTS_FAILURE_NAME_WITHOUT_ADDRESS)
        next = " Check the spelling; --resolve or --connect-to check it elsewhere.";
    else if (failure->phase == FACTS_PHASE_RESOLVE)
        next = " Ask another resolver with --dns, or give the address with --resolve.";
    return base_arena_format(arena, "Could not look: %s.%s", facts_code_text(failure->code), next);
}

/* The certificate of the host itself has errors. */
static const char *invalid_text(const rule_context *context, const facts_hop *first)
{
    const facts_verdict *verdict = &context->judgement->verdict;
    const char *returning = verdict->possible ? " Returning visitors with a policy are blocked in every browser." : "";

    if (verdict->first_visit == FACTS_ACCESS_LOCKED_OUT)
        return base_arena_format(context->arena,
                                 "HSTS has no effect: browsers ignore the header because the certificate is invalid. "
                                 "The error page cannot be bypassed in %s.%s",
                                 blockers(first), returning);
    return base_arena_format(context->arena,
                             "HSTS has no effect: browsers ignore the header because the certificate is invalid. "
                             "First visitors see a warning.%s",
                             returning);
}

static const char *summary_of(const rule_context *context)
{
    const finding_judgement *judgement = context->judgement;
    const facts_verdict *verdict = &judgement->verdict;
    const facts_redirects *chain = &context->site->chains[FACTS_HTTPS];
    const facts_hop *first = chain->hops[0], *stop = stopped_at(chain);

    if (!verdict->looked)
        return could_not_look(context->arena, first->exchange.failure);
    if (first->exchange.response == NULL)
        return base_arena_format(context->arena, "No visitor can connect: %s. HSTS has no effect.",
                                 facts_code_text(first->exchange.failure->code));
    if (refusal_of(first) != NULL)
        return base_arena_format(context->arena,
                                 "No visitor can connect: browsers refuse the TLS of this server (%s, %s). HSTS has "
                                 "no effect.",
                                 first->exchange.tls.version, first->exchange.tls.cipher);
    if (verdict->first_visit == FACTS_ACCESS_UNSEEN)
        return base_arena_format(context->arena, "%s. Where visitors arrive was not seen: %s.", field_text(judgement),
                                 unseen_text(chain));
    if (verdict->first_visit == FACTS_ACCESS_NONE)
        return base_arena_format(context->arena, "%s. No visitor gets a page: %s.", field_text(judgement),
                                 dead_end_text(chain));
    if (verdict->first_visit != FACTS_ACCESS_OPEN && stop == first)
        return invalid_text(context, first);
    if (verdict->first_visit == FACTS_ACCESS_WARNED || verdict->first_visit == FACTS_ACCESS_LOCKED_OUT)
        return base_arena_format(context->arena,
                                 "%s. But %s, which visitors are redirected to, has an invalid certificate.",
                                 field_text(judgement), stop->url);
    return base_arena_format(
        context->arena, "%s. Browsers let visitors in; the certificate is good until %s.%s", field_text(judgement),
        until_text(context->arena, judgement->now, verdict->certificate_until), clear_text(judgement));
}

void rule_verdict(const rule_context *context)
{
    facts_verdict *verdict = &context->judgement->verdict;

    verdict->possible = context->site->host.kind == HF_HOST_NAME && !hf_host_is_localhost(&context->site->host);
    verdict->in_force = context->judgement->own != NULL && context->judgement->own->in_force;
    verdict->certificate_until = way_until(&context->site->chains[FACTS_HTTPS]);
    verdict->policy_until = verdict->in_force
                                ? add_saturated(context->judgement->now, context->judgement->own->sent.policy.max_age)
                                : HF_TIME_UNKNOWN;
    judge_access(context->site, verdict);
    verdict->summary = summary_of(context);
}
