/* Hops without a response: the host's fault, or only that this machine could not look. */
#include "rules/families.h"

static bool has_no_address(const facts_failure *failure)
{
    return failure->code == FACTS_FAILURE_NAME_UNKNOWN || failure->code == FACTS_FAILURE_NAME_WITHOUT_ADDRESS;
}

static bool is_unused(const rule_context *context, facts_way way)
{
    return (way == FACTS_WWW_HTTPS || way == FACTS_WWW_HTTP) && rule_is_www_unused(context->site);
}

static void add(const rule_context *context, const facts_hop *hop)
{
    const facts_failure *failure = hop->exchange.failure;

    rule_add(context, hop, rule_of_failure(failure), "%s%s%s (phase %s)", facts_code_text(failure->code),
             *failure->detail ? ": " : "", failure->detail, facts_phase_name(failure->phase));
}

static void judge_hop(const rule_context *context, facts_way way, size_t index)
{
    const facts_redirects *chain = &context->site->chains[way];
    const facts_hop *hop = chain->hops[index];
    const facts_failure *failure = hop->exchange.failure;
    bool nameless = failure != NULL && has_no_address(failure);

    if (failure == NULL)
        return;
    if (nameless && index > 0) {
        rule_add(context, hop, RULE_REDIRECT_UNKNOWN_NAME, "%s redirects to %s: %s", chain->hops[index - 1]->url,
                 hop->host.name, facts_code_text(failure->code));
    } else if (rule_of_failure(failure) != RULE_COUNT) {
        if (hop->exchange.secure && !(index == 0 && is_unused(context, way)))
            add(context, hop);
    }
}

const rule_family rule_family_connection = {.name = "connection", .hop = judge_hop};
