#include "rules/judge.h"

#include "rules/families.h"

#include <stdlib.h>
#include <string.h>

static void judge_hop(const rule_context *context, facts_way way, size_t index)
{
    for (size_t i = 0; i < rule_family_count; i++)
        if (rule_families[i]->hop != NULL)
            rule_families[i]->hop(context, way, index);
}

void rule_judge(const facts_site *site, int64_t now, base_arena *arena, finding_judgement *judgement)
{
    rule_sts_values values = {.arena = arena};
    const rule_context context = {site, arena, judgement, &values};

    *judgement = (finding_judgement){.now = now, .findings.arena = arena};
    for (facts_way way = 0; way < FACTS_WAYS; way++)
        for (size_t i = 0; i < site->chains[way].count; i++)
            judge_hop(&context, way, i);
    for (size_t i = 0; i < rule_family_count; i++)
        if (rule_families[i]->site != NULL)
            rule_families[i]->site(&context);
    finding_sort(&judgement->findings);
    judgement->summary = rule_summary(&context);
}

void rule_judge_together(facts_site *sites, finding_judgement *judgements, size_t count)
{
    rule_context *contexts = base_allocate(count * sizeof *contexts);

    for (size_t i = 0; i < count; i++)
        contexts[i] = (rule_context){&sites[i], &sites[i].arena, &judgements[i], NULL};
    for (size_t i = 0; i < rule_family_count; i++)
        if (rule_families[i]->together != NULL)
            rule_families[i]->together(contexts, count);
    for (size_t i = 0; i < count; i++)
        finding_sort(&judgements[i].findings);
    free(contexts);
}
