#include "rules/judge.h"

#include "rules/family.h"

/* -- The hops, one after the other -------------------------------------------------------------------------------------------- */

static bool has_no_address(const facts_failure *failure)
{
    return failure->code == FACTS_FAILURE_NAME_UNKNOWN || failure->code == FACTS_FAILURE_NAME_WITHOUT_ADDRESS;
}

/* Nothing answers at www, neither here nor on port 80: nobody is invited there. */
static bool is_unused(const rule_context *scene, facts_way way)
{
    const facts_redirects *https = &scene->site->chains[FACTS_WWW_HTTPS], *http = &scene->site->chains[FACTS_WWW_HTTP];

    return (way == FACTS_WWW_HTTPS || way == FACTS_WWW_HTTP) && https->hops[0]->exchange.response == NULL &&
           https->hops[0]->exchange.tls.certificate_count == 0 &&
           (http->count == 0 || http->hops[0]->exchange.response == NULL);
}

static void judge_failure(const rule_context *scene, facts_way way, size_t i, const facts_hop *hop)
{
    bool nameless = has_no_address(hop->exchange.failure);

    if (nameless && i > 0) {
        rule_add(scene, hop, RULE_REDIRECT_UNKNOWN_NAME, "%s is where %s leads: %s", hop->host.name,
                 scene->site->chains[way].hops[i - 1]->url, facts_code_text(hop->exchange.failure->code));
    } else if (rule_of_failure(hop->exchange.failure) != RULE_COUNT) {
        if (hop->exchange.secure && !(i == 0 && is_unused(scene, way)))
            rule_connection(scene, hop);
    } else if (!nameless || way == FACTS_HTTPS) {
        scene->report->verdict.complete = false;
        scene->report->verdict.looked &= way != FACTS_HTTPS || i > 0;
    }
}

static void judge_hops(const rule_context *scene)
{
    for (facts_way way = 0; way < FACTS_WAYS; way++) {
        const facts_redirects *chain = &scene->site->chains[way];

        for (size_t i = 0; i < chain->count; i++) {
            if (chain->hops[i]->exchange.failure != NULL)
                judge_failure(scene, way, i, chain->hops[i]);
            rule_certificate(scene, chain->hops[i]);
            rule_cert_chain(scene, chain->hops[i]);
            rule_staple(scene, chain->hops[i]);
        }
    }
}

void rule_judge(const facts_site *site, int64_t at, base_arena *arena, rule_report *report)
{
    const rule_context scene = {site, arena, report};

    memset(report, 0, sizeof *report);
    report->at = at;
    report->findings.arena = arena;
    report->verdict.looked = report->verdict.complete = true;
    report->verdict.noted = HF_NOTED_IGNORED_NO_FIELD;
    judge_hops(&scene);
    rule_address(&scene);
    rule_interception(&scene);
    rule_hsts(&scene);
    rule_http(&scene);
    rule_redirect(&scene);
    rule_answers(&scene);
    rule_clock(&scene);
    rule_portal(&scene);
    rule_dns(&scene);
    finding_sort(&report->findings);
    rule_verdict_of(&scene);
}
