#include "findings/estate.h"

#include <stdlib.h>
#include <string.h>

#define DAY 86400
#define EVERYWHERE 3 /* sites: of two that are alike nobody speaks of all */
#define YEAR (365 * DAY)

static const struct {
    const char *name, *text;
} harms[] = {
#define FINDINGS_X(symbol, name, text) {name, text},
    FINDINGS_HARM_MAP(FINDINGS_X)
#undef FINDINGS_X
};

static const struct {
    const char *name, *text;
} policies[] = {
#define FINDINGS_X(symbol, name, text) {name, text},
    FINDING_POLICY_MAP(FINDINGS_X)
#undef FINDINGS_X
};

static const struct {
    int64_t days;
    const char *text;
} expiries[FINDING_EXPIRIES] = {
#define FINDINGS_X(symbol, days, text) {days, text},
    FINDING_EXPIRY_MAP(FINDINGS_X)
#undef FINDINGS_X
};

const char *finding_harm_name(finding_harm harm)
{
    return harms[harm].name;
}

const char *finding_harm_text(finding_harm harm)
{
    return harms[harm].text;
}

const char *finding_policy_name(finding_policy policy)
{
    return policies[policy].name;
}

const char *finding_policy_text(finding_policy policy)
{
    return policies[policy].text;
}

const char *finding_expiry_text(finding_expiry expiry)
{
    return expiries[expiry].text;
}

/* -- Who is hurt --------------------------------------------------------------------------------------------------- */

static bool is_closed(facts_access access)
{
    return access == FACTS_ACCESS_LOCKED_OUT || access == FACTS_ACCESS_NONE;
}

/* True if somebody gets in: in one of the browsers, by one of the addresses. */
static bool somebody_gets_in(const facts_verdict *verdict, facts_visitor visitor)
{
    const facts_entrance *entrance = &verdict->entrances[FACTS_HTTPS];

    for (facts_engine engine = 0; engine < FACTS_ENGINES; engine++)
        if (entrance->endings[visitor][engine].seen && !is_closed(entrance->endings[visitor][engine].access))
            return true;
    for (size_t i = 0; i < entrance->address_count; i++)
        if (entrance->addresses[i].answers && entrance->addresses[i].endings[visitor].seen &&
            !is_closed(entrance->addresses[i].endings[visitor].access))
            return true;
    return false;
}

/* Who holds the policy of the host does not get into www, by it: be it that www would have had one of its own. */
static bool is_www_locked(const facts_site *site, const finding_judgement *judgement)
{
    const facts_entrance *www = &site->verdict.entrances[FACTS_WWW_HTTPS];
    const facts_ending *ending = &www->endings[FACTS_RETURNING][site->verdict.engine];
    bool covers = site->verdict.in_force && judgement->own != NULL && judgement->own->sent.policy.include_subdomains;

    if (www->url == NULL || !ending->seen || !is_closed(ending->access) || ending->known_host == NULL)
        return false;
    return covers || strcmp(ending->known_host, site->host.name) == 0;
}

static finding_harm harm_of_visits(const facts_site *site, const finding_judgement *judgement)
{
    const facts_verdict *verdict = &site->verdict;

    if (is_closed(verdict->first_visit))
        return somebody_gets_in(verdict, FACTS_STRANGER) ? FINDING_HARM_SOME : FINDING_HARM_EVERYBODY;
    if (verdict->possible && is_closed(verdict->later_visit))
        return somebody_gets_in(verdict, FACTS_RETURNING) ? FINDING_HARM_SOME : FINDING_HARM_RETURNING;
    if (is_www_locked(site, judgement))
        return FINDING_HARM_WWW;
    if (verdict->first_visit == FACTS_ACCESS_WARNED)
        return FINDING_HARM_WARNED;
    return verdict->looked && verdict->first_visit != FACTS_ACCESS_UNSEEN ? FINDING_HARM_NONE : FINDING_HARM_UNSEEN;
}

finding_harm finding_harm_of(const facts_site *site, const finding_judgement *judgement, const finding **worst)
{
    const finding_list *list = &judgement->findings;
    const finding *ahead = finding_find(list, RULE_LOCKOUT_AHEAD);
    finding_harm visits = harm_of_visits(site, judgement), findings = FINDING_HARM_NONE;

    *worst = list->count > 0 && list->items[0].severity >= HF_SEVERITY_WARNING ? &list->items[0] : NULL;
    if (*worst != NULL)
        findings = (*worst)->severity == HF_SEVERITY_ERROR ? FINDING_HARM_FAULT : FINDING_HARM_NOTICE;
    /* A wall with a date outranks what only protects less, and is then what the site is named for. */
    if (ahead != NULL && ahead->severity >= HF_SEVERITY_WARNING && visits < FINDING_HARM_SOON) {
        *worst = ahead;
        return FINDING_HARM_SOON;
    }
    return visits > findings ? visits : findings;
}

static int compare(const void *one, const void *other)
{
    const finding_ranked *a = one, *b = other;
    hf_severity of_a = a->worst != NULL ? a->worst->severity : HF_SEVERITY_INFO;
    hf_severity of_b = b->worst != NULL ? b->worst->severity : HF_SEVERITY_INFO;
    size_t count_a, count_b;

    if (a->harm != b->harm)
        return a->harm > b->harm ? -1 : 1;
    if (of_a != of_b)
        return of_a > of_b ? -1 : 1;
    count_a = finding_count(&a->judgement->findings, of_a);
    count_b = finding_count(&b->judgement->findings, of_b);
    if (count_a != count_b && of_a != HF_SEVERITY_INFO)
        return count_a > count_b ? -1 : 1;
    return a->index < b->index ? -1 : 1;
}

/* -- Policies and certificates ------------------------------------------------------------------------------------- */

finding_policy finding_policy_of(const facts_site *site, const finding_judgement *judgement)
{
    const facts_sts_field *own = judgement->own;
    const hf_policy *policy = own != NULL ? &own->sent.policy : NULL;

    if (own == NULL)
        return FINDING_POLICY_UNSEEN;
    if (own->count == 0)
        return FINDING_POLICY_NONE;
    if (!own->sent.valid)
        return FINDING_POLICY_INVALID;
    if (policy->max_age == 0)
        return FINDING_POLICY_DISABLED;
    if (!site->verdict.in_force)
        return FINDING_POLICY_IGNORED;
    if (policy->max_age < FINDING_SHORT)
        return FINDING_POLICY_SHORT;
    if (policy->max_age < YEAR)
        return FINDING_POLICY_MONTHS;
    if (!policy->include_subdomains)
        return FINDING_POLICY_YEAR;
    return policy->preload ? FINDING_POLICY_READY : FINDING_POLICY_YEAR_SUBDOMAINS;
}

static bool policy_in_force(const facts_site *site, const finding_judgement *judgement, hf_policy *policy)
{
    if (!site->verdict.in_force || judgement->own == NULL || !judgement->own->sent.valid)
        return false;
    *policy = judgement->own->sent.policy;
    return true;
}

static bool is_same(const finding_policy_class *class, bool in_force, const hf_policy *policy)
{
    if (class->in_force != in_force)
        return false;
    return !in_force || (class->policy.max_age == policy->max_age && class->policy.preload == policy->preload &&
                         class->policy.include_subdomains == policy->include_subdomains);
}

static void count_policy(finding_estate *estate, bool in_force, const hf_policy *policy)
{
    size_t i = 0;

    while (i < estate->class_count && !is_same(&estate->classes[i], in_force, policy))
        i++;
    if (i == estate->class_count)
        estate->classes[estate->class_count++] = (finding_policy_class){.in_force = in_force, .policy = *policy};
    estate->classes[i].count++;
    for (; i > 0 && estate->classes[i].count > estate->classes[i - 1].count; i--) {
        finding_policy_class moved = estate->classes[i];

        estate->classes[i] = estate->classes[i - 1];
        estate->classes[i - 1] = moved;
    }
}

finding_expiry finding_expiry_of(int64_t left)
{
    finding_expiry expiry = FINDING_EXPIRY_EXPIRED;

    while (expiry + 1 < FINDING_EXPIRIES && left >= expiries[expiry].days * DAY)
        expiry++;
    return expiry;
}

static void find_everywhere(finding_estate *estate)
{
    size_t looked = 0, with[RULE_COUNT] = {0};

    for (size_t i = 0; i < estate->count; i++) {
        if (!estate->ranked[i].site->verdict.looked)
            continue;
        looked++;
        for (size_t rule = 0; rule < RULE_COUNT; rule++)
            with[rule] += finding_find(&estate->ranked[i].judgement->findings, (rule_id)rule) != NULL;
    }
    for (size_t rule = 0; rule < RULE_COUNT; rule++)
        estate->everywhere[rule] = looked >= EVERYWHERE && with[rule] == looked;
}

finding_estate finding_estate_of(const facts_site *const *sites, const finding_judgement *const *judgements,
                                 size_t count, base_arena *arena)
{
    finding_estate estate = {.count = count};

    estate.ranked = base_arena_take(arena, (count + 1) * sizeof *estate.ranked);
    estate.classes = base_arena_take(arena, (count + 1) * sizeof *estate.classes);
    for (size_t i = 0; i < count; i++) {
        const finding *worst;
        finding_harm harm = finding_harm_of(sites[i], judgements[i], &worst);
        hf_policy policy = {0};

        estate.ranked[i] = (finding_ranked){sites[i], judgements[i], i, harm, worst};
        estate.policies[finding_policy_of(sites[i], judgements[i])]++;
        estate.urgent += estate.ranked[i].harm != FINDING_HARM_NONE;
        if (sites[i]->verdict.looked)
            count_policy(&estate, policy_in_force(sites[i], judgements[i], &policy), &policy);
        if (sites[i]->verdict.certificate_until != HF_TIME_UNKNOWN)
            estate.expiries[finding_expiry_of(sites[i]->verdict.certificate_until - judgements[i]->now)]++;
    }
    find_everywhere(&estate);
    qsort(estate.ranked, count, sizeof *estate.ranked, compare);
    return estate;
}
