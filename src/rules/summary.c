/* The verdict in one or two sentences: the policy, who gets in, and the worst that was found. */
#include "rules/families.h"

#include "base/time.h"
#include "browsers/causes.h"
#include "browsers/policies.h"
#include "facts/http3.h"
#include "findings/estate.h"

#define CENTURY (100 * INT64_C(31536000))
#define ADDRESSES_NAMED 4
#define PLACE_MAX 2048

static const facts_ending *ending_of(const rule_context *context, facts_way way, facts_visitor visitor)
{
    const facts_verdict *verdict = &context->site->verdict;

    return &verdict->entrances[way].endings[visitor][verdict->engine];
}

static const char *engine_name(facts_engine engine)
{
    return facts_browser_name(facts_engine_browser(engine));
}

static bool is_open(const facts_ending *ending)
{
    return ending->seen && ending->access == FACTS_ACCESS_OPEN;
}

/* -- The policy ---------------------------------------------------------------------------------------------------- */

static const char *life_text(const rule_context *context, const hf_policy *policy)
{
    facts_engine engine = context->site->verdict.engine;
    char words[BASE_WORDS_MAX];

    if (policy->max_age > browsers_life_max(engine)) {
        base_duration_words(browsers_life_max(engine), words);
        return base_arena_format(context->arena, "%s (the longest that %s holds one)", words, engine_name(engine));
    }
    if (policy->max_age > CENTURY)
        return "over 100 years";
    base_duration_words(policy->max_age, words);
    return base_arena_format(context->arena, "%s%s", words, policy->max_age < FINDING_SHORT ? " only" : "");
}

/* The one that drops the policy before it ends, where no browser was asked for: "" if all hold it to its end. */
static const char *shorter_text(const rule_context *context, const hf_policy *policy)
{
    const facts_ending *endings = context->site->verdict.entrances[FACTS_HTTPS].endings[FACTS_STRANGER];
    char words[BASE_WORDS_MAX];

    if (context->site->verdict.engine != FACTS_ENGINE_ANY)
        return "";
    for (facts_engine engine = FACTS_ENGINE_ANY + 1; engine < FACTS_ENGINES; engine++)
        if (endings[engine].seen && endings[engine].noted && policy->max_age > browsers_life_max(engine)) {
            base_duration_words(browsers_life_max(engine), words);
            return base_arena_format(context->arena, "; %s keeps it for %s", engine_name(engine), words);
        }
    return "";
}

/* Those that hold a policy after a first visit, or those that do not. */
static const char *holders(const rule_context *context, bool hold)
{
    const facts_ending *endings = context->site->verdict.entrances[FACTS_HTTPS].endings[FACTS_STRANGER];
    const char *text = "";

    for (facts_engine engine = FACTS_ENGINE_ANY + 1; engine < FACTS_ENGINES; engine++)
        if (endings[engine].seen && endings[engine].noted == hold)
            text = base_arena_format(context->arena, "%s%s%s", text, *text != '\0' ? ", " : "", engine_name(engine));
    return text;
}

/* Where browsers do not read the response alike. */
static const char *holders_text(const rule_context *context)
{
    const char *with = holders(context, true), *without = holders(context, false);

    return *with == '\0' || *without == '\0' ? ""
                                             : base_arena_format(context->arena, " in %s, not in %s", with, without);
}

static const char *policy_text(const rule_context *context)
{
    const finding_judgement *judgement = context->judgement;

    if (context->site->verdict.in_force && judgement->own != NULL && judgement->own->sent.valid)
        return base_arena_format(context->arena, "HSTS is in force for %s%s%s%s",
                                 life_text(context, &judgement->own->sent.policy),
                                 judgement->own->sent.policy.include_subdomains ? ", with subdomains" : "",
                                 holders_text(context), shorter_text(context, &judgement->own->sent.policy));
    switch (context->site->verdict.noted) {
    case HF_NOTED_IGNORED_NO_FIELD:
        if (judgement->own != NULL && facts_exchange_wants_certificate(&judgement->own->hop->exchange))
            return "HSTS could not be seen (the server requires a client certificate)";
        if (judgement->own != NULL && facts_response_is_refusal(judgement->own->hop->exchange.response))
            return base_arena_format(context->arena, "HSTS could not be seen (the server refuses this check: %d)",
                                     judgement->own->hop->exchange.response->status);
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

/* -- Some browsers ------------------------------------------------------------------------------------------------- */

static const char *access_verb(facts_access access)
{
    static const char *const verbs[] = {"lets visitors in", "shows a warning", "refuses", "shows no page",
                                        "was not seen"};

    return verbs[access];
}

/* True if not all browsers, of which it is known, do the same. */
static bool differ(const facts_ending endings[static FACTS_ENGINES])
{
    const facts_ending *first = NULL;

    for (facts_engine engine = FACTS_ENGINE_ANY + 1; engine < FACTS_ENGINES; engine++) {
        if (!endings[engine].seen)
            continue;
        if (first != NULL && first->access != endings[engine].access)
            return true;
        first = &endings[engine];
    }
    return false;
}

/* "Firefox refuses, Chrome lets visitors in": the worst first. */
static const char *browsers_text(const rule_context *context, const facts_ending endings[static FACTS_ENGINES])
{
    const char *text = "";

    for (int access = FACTS_ACCESS_NONE; access >= FACTS_ACCESS_OPEN; access--)
        for (facts_engine engine = FACTS_ENGINE_ANY + 1; engine < FACTS_ENGINES; engine++)
            if (endings[engine].seen && (int)endings[engine].access == access)
                text = base_arena_format(context->arena, "%s%s%s %s", text, *text != '\0' ? ", " : "",
                                         engine_name(engine), access_verb((facts_access)access));
    return text;
}

/* -- Some addresses ------------------------------------------------------------------------------------------------ */

/* The addresses at which visitors meet `access`, or, with `other`, anything else. */
static const char *addresses_text(const rule_context *context, const facts_entrance *entrance, facts_visitor visitor,
                                  bool open)
{
    const char *text = "";
    size_t count = 0;

    for (size_t i = 0; i < entrance->address_count; i++) {
        const facts_at_address *at = &entrance->addresses[i];

        if (!at->answers || !at->endings[visitor].seen || is_open(&at->endings[visitor]) != open)
            continue;
        if (count++ < ADDRESSES_NAMED)
            text = base_arena_format(context->arena, "%s%s%s", text, count > 1 ? ", " : "", at->address);
    }
    if (count > ADDRESSES_NAMED)
        text = base_arena_format(context->arena, "%s and %zu more", text, count - ADDRESSES_NAMED);
    return text;
}

static const facts_ending *worst_address(const facts_entrance *entrance, facts_visitor visitor)
{
    const facts_ending *worst = NULL;

    for (size_t i = 0; i < entrance->address_count; i++) {
        const facts_at_address *at = &entrance->addresses[i];

        if (at->answers && at->endings[visitor].seen && (worst == NULL || at->endings[visitor].access > worst->access))
            worst = &at->endings[visitor];
    }
    return worst;
}

/* What visitors of some addresses meet, where others get in; NULL: there is no such difference. */
static const char *some_addresses(const rule_context *context, facts_visitor visitor)
{
    static const char *const meets[] = {"", "see a certificate warning", "are blocked", "get no page"};
    const facts_entrance *entrance = &context->site->verdict.entrances[FACTS_HTTPS];
    const char *bad = addresses_text(context, entrance, visitor, false);
    const char *good = addresses_text(context, entrance, visitor, true);

    if (*bad == '\0' || *good == '\0')
        return NULL;
    return base_arena_format(context->arena, "%s that reach %s %s (%s); those that reach %s get in",
                             visitor == FACTS_STRANGER ? "Visitors" : "Returning visitors", bad,
                             meets[worst_address(entrance, visitor)->access], worst_address(entrance, visitor)->text,
                             good);
}

/* -- Who gets in --------------------------------------------------------------------------------------------------- */

static const char *until_text(base_arena *arena, int64_t now, int64_t until)
{
    char text[BASE_TIME_MAX];
    long long days = (long long)((until - now) / 86400);

    if (until == HF_TIME_UNKNOWN)
        return "an unknown date";
    base_time_format(until, text);
    return base_arena_format(arena, "%.10s (%lld day%s)", text, days, days == 1 ? "" : "s");
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

static bool is_refused(const facts_tls *tls)
{
    for (size_t i = 0; i < tls->error_count; i++)
        if (tls->errors[i].depth < 0)
            return true;
    return false;
}

/* Why nobody connects, or not everybody; NULL: somebody does. */
static const char *no_connection(const rule_context *context, const facts_hop *first)
{
    const facts_exchange *exchange = &first->exchange;
    const char *nobody = is_open(ending_of(context, FACTS_HTTP, FACTS_STRANGER)) ? "No visitor can connect over HTTPS"
                                                                                 : "No visitor can connect";

    if (facts_exchange_wants_certificate(exchange) && exchange->tls.error_count == 0)
        return "Only visitors with a client certificate get in: the server asks for one. Whether HSTS is in force was "
               "not seen.";
    if (facts_http3_is_alone(context->site))
        return "Nothing answers over TCP. The HTTPS record announces HTTP/3, which was not checked: whether visitors "
               "get in over QUIC was not seen.";
    if (exchange->response == NULL)
        return base_arena_format(context->arena, "%s: %s. HSTS has no effect.", nobody,
                                 facts_code_text(exchange->failure->code));
    if (is_refused(&exchange->tls))
        return base_arena_format(context->arena,
                                 "%s: browsers refuse the TLS of this server (%s, %s). HSTS has no effect.", nobody,
                                 exchange->tls.version, exchange->tls.cipher);
    return NULL;
}

/* Where it ended, and why: with the policy that turned the last redirect into what does not answer. */
static const char *why_text(const rule_context *context, const facts_ending *ending)
{
    if (ending->upgraded != NULL)
        return base_arena_format(context->arena, "the redirect to %s becomes %s by the policy of %s, and there: %s",
                                 ending->upgraded, ending->url, ending->known_host, ending->text);
    if (strcmp(ending->url, context->site->verdict.entrances[FACTS_HTTPS].url) == 0)
        return ending->text;
    return base_arena_format(context->arena, "%s, which visitors are redirected to: %s", ending->url, ending->text);
}

/* The certificate of the host itself has errors. */
static const char *invalid_text(const rule_context *context, const facts_ending endings[static FACTS_ENGINES])
{
    const facts_verdict *verdict = &context->site->verdict;
    const char *strangers = "First visitors see a warning.";

    if (differ(endings))
        strangers = base_arena_format(context->arena, "First visits: %s.", browsers_text(context, endings));
    else if (endings[verdict->engine].access == FACTS_ACCESS_LOCKED_OUT)
        strangers = "The error page cannot be bypassed in any browser.";
    return base_arena_format(
        context->arena,
        "HSTS has no effect: browsers ignore the header because the certificate is invalid. "
        "%s%s",
        strangers, verdict->possible ? " Returning visitors with a policy are blocked in every browser." : "");
}

/* Why nobody can say: that we spend no more on the host comes first, for then the rest was not asked. */
static const char *unseen_text(const rule_context *context, const facts_ending *ending)
{
    if (context->site->chains[FACTS_HTTPS].end == FACTS_END_HOST_BUDGET)
        return facts_code_text(FACTS_FAILURE_HOST_BUDGET);
    return ending->text != NULL ? ending->text : facts_code_text(FACTS_FAILURE_NOT_ASKED);
}

/* Strangers do not get in, by any address. */
static const char *strangers_text(const rule_context *context)
{
    const facts_entrance *entrance = &context->site->verdict.entrances[FACTS_HTTPS];
    const facts_ending *endings = entrance->endings[FACTS_STRANGER];
    const facts_ending *ending = &endings[context->site->verdict.engine];

    if (!ending->seen)
        return base_arena_format(context->arena, "%s. Where visitors arrive was not seen: %s", policy_text(context),
                                 unseen_text(context, ending));
    if (differ(endings))
        return base_arena_format(context->arena, "%s. %s: %s", policy_text(context), browsers_text(context, endings),
                                 why_text(context, ending));
    if (ending->access == FACTS_ACCESS_NONE)
        return base_arena_format(context->arena, "%s. No visitor gets a page: %s", policy_text(context),
                                 why_text(context, ending));
    return base_arena_format(context->arena, "%s. Visitors %s: %s", policy_text(context),
                             ending->access == FACTS_ACCESS_WARNED ? "see a certificate warning" : "are blocked",
                             why_text(context, ending));
}

static const char *returning_text(const rule_context *context)
{
    const facts_ending *ending = ending_of(context, FACTS_HTTPS, FACTS_RETURNING);

    if (!ending->seen)
        return base_arena_format(context->arena, "%s. First visitors get in; where others arrive was not seen: %s",
                                 policy_text(context), unseen_text(context, ending));
    return base_arena_format(context->arena, "%s. First visitors get in, %s do not: %s", policy_text(context),
                             context->site->verdict.in_force ? "returning visitors"
                                                             : "those who still hold an earlier policy",
                             why_text(context, ending));
}

static const char *access_text(const rule_context *context)
{
    const facts_redirects *chain = &context->site->chains[FACTS_HTTPS];
    const facts_verdict *verdict = &context->site->verdict;
    const char *some = some_addresses(context, FACTS_STRANGER);
    const char *closed = no_connection(context, chain->hops[0]);

    if (some == NULL)
        some = some_addresses(context, FACTS_RETURNING);
    if (some != NULL)
        return base_arena_format(context->arena, "%s. %s.", policy_text(context), some);
    if (closed != NULL)
        return closed;
    if (!is_open(ending_of(context, FACTS_HTTPS, FACTS_STRANGER)))
        return chain->hops[0]->exchange.tls.error_count > 0
                   ? invalid_text(context, verdict->entrances[FACTS_HTTPS].endings[FACTS_STRANGER])
                   : base_arena_format(context->arena, "%s.", strangers_text(context));
    if (verdict->possible && !is_open(ending_of(context, FACTS_HTTPS, FACTS_RETURNING)))
        return base_arena_format(context->arena, "%s.", returning_text(context));
    return base_arena_format(context->arena, "%s. %s let%s visitors in; the certificate is good until %s.",
                             policy_text(context),
                             verdict->engine == FACTS_ENGINE_ANY ? "Browsers" : engine_name(verdict->engine),
                             verdict->engine == FACTS_ENGINE_ANY ? "" : "s",
                             until_text(context->arena, context->judgement->now, verdict->certificate_until));
}

/* -- What else ----------------------------------------------------------------------------------------------------- */

/* "Chrome, Firefox": those that ask https first where http:// is given, or those that also fall back today. */
static const char *asking_first(const rule_context *context, bool fell_back, size_t *count)
{
    const facts_ending *endings = context->site->verdict.entrances[FACTS_HTTP].endings[FACTS_STRANGER];
    const char *text = "";

    *count = 0;
    for (facts_engine engine = FACTS_ENGINE_ANY + 1; engine < FACTS_ENGINES; engine++)
        if (endings[engine].seen &&
            (fell_back ? endings[engine].fell_back && is_open(&endings[engine]) : endings[engine].asked_first))
            text = base_arena_format(context->arena, "%s%s%s", text, (*count)++ > 0 ? ", " : "", engine_name(engine));
    return text;
}

/* Http serves content. That browsers ask https first protects nobody from who blocks port 443. */
static const char *content_text(const rule_context *context)
{
    size_t asking, falling;
    const char *first = asking_first(context, false, &asking), *back = asking_first(context, true, &falling);

    if (falling > 0)
        return base_arena_format(context->arena,
                                 " But http:// serves content over plain HTTP: links to it fall back to plain HTTP in "
                                 "%s today.",
                                 back);
    if (asking == 0)
        return " But http:// serves content over plain HTTP.";
    return base_arena_format(context->arena,
                             " But http:// serves content over plain HTTP: %s %s https first, but %s back to http if "
                             "an attacker blocks port 443.",
                             first, asking == 1 ? "tries" : "try", asking == 1 ? "falls" : "fall");
}

/* Who comes without https:// and without a policy: "" if nothing is to be said. */
static const char *clear_text(const rule_context *context)
{
    const finding_list *findings = &context->judgement->findings;

    for (size_t i = 0; i < findings->count; i++) {
        if (findings->items[i].rule == RULE_HTTP_NO_REDIRECT)
            return content_text(context);
        if (findings->items[i].rule == RULE_HTTP_REDIRECT_FOREIGN)
            return " But http:// redirects to another host before the policy is noted.";
    }
    return "";
}

/* Who holds the policy of the host is locked out at www by it. */
static const char *www_text(const rule_context *context)
{
    const facts_ending *ending = ending_of(context, FACTS_WWW_HTTPS, FACTS_RETURNING);
    const facts_entrance *www = &context->site->verdict.entrances[FACTS_WWW_HTTPS];

    if (www->url == NULL || !ending->seen || is_open(ending) || rule_is_www_unused(context->site) ||
        ending->known_host == NULL || strcmp(ending->known_host, context->site->host.name) != 0)
        return "";
    return base_arena_format(context->arena, " But %s is locked for visitors who hold this policy: %s.", www->host,
                             ending->text);
}

/* The worst that was found, so that the first line never hides it. */
static const char *findings_text(const rule_context *context)
{
    const finding_list *findings = &context->judgement->findings;
    const finding *worst = findings->count > 0 ? &findings->items[0] : NULL;
    const char *text;
    base_buffer place;
    size_t count;

    if (worst == NULL || worst->severity < HF_SEVERITY_WARNING)
        return "";
    count = finding_count(findings, worst->severity);
    base_buffer_init(&place, PLACE_MAX);
    finding_place_text(&worst->place, &place);
    text = base_arena_format(context->arena, " %zu %s%s%s: %s (%s).", count, hf_severity_name(worst->severity),
                             count == 1 ? "" : "s", count == 1 ? "" : ", the first", rule_find(worst->rule)->title,
                             base_buffer_string(&place));
    base_buffer_done(&place);
    return text;
}

const char *rule_summary(const rule_context *context)
{
    const facts_hop *first = context->site->chains[FACTS_HTTPS].hops[0];

    if (!context->site->verdict.looked)
        return could_not_look(context->arena, first->exchange.failure);
    return base_arena_format(context->arena, "%s%s%s%s", access_text(context), clear_text(context), www_text(context),
                             findings_text(context));
}
