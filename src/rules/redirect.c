/* Redirects that are no good wherever they stand: circles, dead ends, and steps down to plain HTTP. */
#include "rules/families.h"

#include "base/buffer.h"
#include "base/escape.h"

#define LOCATION_MAX 512 /* octets of a Location that are shown */

static const char *location_text(const facts_hop *hop, base_arena *arena)
{
    base_buffer out;
    const char *text;
    hf_span location = *hop->location;

    base_buffer_init(&out, LOCATION_MAX * BASE_ESCAPED_MAX);
    base_escape(location.data, location.length < LOCATION_MAX ? location.length : LOCATION_MAX, &out);
    text = base_arena_format(arena, "%s%s", base_buffer_string(&out), location.length > LOCATION_MAX ? " ..." : "");
    base_buffer_done(&out);
    return text;
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
    case FACTS_END_NOWHERE:
        rule_add(context, last, RULE_REDIRECT_NOWHERE, "the answer is %d with Location: %s",
                 last->exchange.response->status, location_text(last, context->arena));
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
                rule_add(context, hop, RULE_REDIRECT_DOWNGRADE, "it redirects to %s", hop->to);
        }
        if (chain->count > 0)
            judge_end(context, chain);
    }
}

const rule_family rule_family_redirect = {.name = "redirect", .site = judge_site};
