/* The clocks of this machine and of the server: one of them is wrong if they are far apart. */
#include "rules/families.h"

#include "base/time.h"
#include "facts/clock.h"

/* Beyond what the network, the second to which Date is rounded, and a clock that nobody sets exactly can explain. */
#define TOLERANCE 300

static void judge_site(const rule_context *context)
{
    facts_clock clock = facts_clock_of(context->site);
    const facts_redirects *chain = &context->site->chains[FACTS_HTTPS];
    char words[BASE_WORDS_MAX];

    if (chain->count == 0 || clock.samples == 0 || (clock.skew <= TOLERANCE && clock.skew >= -TOLERANCE))
        return;
    base_duration_words(clock.skew > 0 ? clock.skew : -clock.skew, words);
    rule_add_at(context, finding_at_host(&chain->hops[0]->host), RULE_CLOCK_SKEW,
                "by the Date of %zu answer%s the server's clock is %s %s this machine's", clock.samples,
                clock.samples == 1 ? "" : "s", words, clock.skew > 0 ? "ahead of" : "behind");
}

const rule_family rule_family_clock = {.name = "clock", .site = judge_site};
