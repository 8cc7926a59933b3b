/* Redirects that are no good wherever they stand: circles, dead ends, and steps down to plain HTTP. */
#include "rules/families.h"

#include "facts/location.h"

#define LOCATION_MAX 512 /* octets of a Location that are shown */

static const char *location_text(hf_span location, base_arena *arena)
{
    return rule_escaped(location, LOCATION_MAX, " ...", arena);
}

static void judge_nowhere(const rule_context *context, const facts_hop *hop)
{
    rule_add(context, hop, RULE_REDIRECT_NOWHERE, "the answer is %d with Location: %s", hop->exchange.response->status,
             location_text(*hop->location, context->arena));
}

/* Chromium shows the page below the redirect's status, as the Fetch standard does not; Firefox takes the empty text for
 * the URL of the page itself. */
static void judge_empty(const rule_context *context, const facts_hop *hop)
{
    const facts_response *response = hop->exchange.response;

    if (response != NULL && facts_location_is_empty(response))
        rule_add(context, hop, RULE_REDIRECT_EMPTY, "the answer is %d with an empty Location", response->status);
}

/* What a browser makes of the redirect by a policy that it has noted; NULL: it follows it as it is, or never does. */
static const facts_ending *upgraded_end(const rule_context *context, const facts_hop *hop)
{
    const facts_verdict *verdict = &context->site->verdict;

    for (facts_way way = 0; way < FACTS_WAYS; way++)
        for (facts_visitor visitor = 0; visitor < FACTS_VISITORS; visitor++) {
            const facts_ending *ending = &verdict->entrances[way].endings[visitor][verdict->engine];

            if (ending->seen && ending->upgraded != NULL && strcmp(ending->upgraded, hop->to) == 0)
                return ending;
        }
    return NULL;
}

static void judge_downgrade(const rule_context *context, const facts_hop *hop)
{
    const facts_ending *ending = upgraded_end(context, hop);

    if (ending == NULL)
        rule_add(context, hop, RULE_REDIRECT_DOWNGRADE, "it redirects to %s", hop->to);
    else if (ending->access != FACTS_ACCESS_OPEN)
        rule_add(context, hop, RULE_REDIRECT_DOWNGRADE,
                 "it redirects to %s; by the policy of %s browsers request %s instead: %s", hop->to, ending->known_host,
                 ending->url, ending->text);
    else
        rule_add(context, hop, RULE_REDIRECT_DOWNGRADE,
                 "it redirects to %s; by the policy of %s browsers request %s instead, and get in", hop->to,
                 ending->known_host, ending->url)
            ->severity = HF_SEVERITY_WARNING;
}

static void judge_end(const rule_context *context, const facts_redirects *chain)
{
    const facts_hop *last = chain->hops[chain->count - 1];

    switch (chain->end) {
    case FACTS_END_ANSWERED:
    case FACTS_END_UNFOLLOWED:
    case FACTS_END_FAILED:
        break;
    case FACTS_END_LOOP:
        rule_add(context, last, RULE_REDIRECT_LOOP, "it redirects to %s, which was requested before", last->to);
        break;
    case FACTS_END_TOO_MANY:
        rule_add(context, last, RULE_REDIRECT_TOO_MANY, "after %d redirects it redirects to %s", FACTS_REDIRECTS_MAX,
                 last->to);
        break;
    case FACTS_END_HOST_BUDGET:
        break; /* nothing is said of browsers */
    case FACTS_END_NOWHERE:
        judge_nowhere(context, last);
        break;
    }
}

static void judge_site(const rule_context *context)
{
    for (facts_way way = 0; way < FACTS_WAYS; way++) {
        const facts_redirects *chain = &context->site->chains[way];

        for (size_t i = 0; i < chain->count; i++) {
            const facts_hop *hop = chain->hops[i];

            if (hop->exchange.secure && hop->to != NULL && strncmp(hop->to, "http:", 5) == 0)
                judge_downgrade(context, hop);
            judge_empty(context, hop);
        }
        if (chain->count > 0)
            judge_end(context, chain);
    }
}

const rule_family rule_family_redirect = {.name = "redirect", .site = judge_site};
