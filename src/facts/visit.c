#include "facts/visit.h"

const char *facts_visit_kind_name(facts_visit_kind kind)
{
    static const char *const names[] = {
#define FACTS_X(symbol, name) [FACTS_VISIT_##symbol] = name,
        FACTS_VISIT_STEP_MAP(FACTS_X)
#undef FACTS_X
    };

    return names[kind];
}

const char *facts_upgrade_name(facts_upgrade by)
{
    static const char *const names[] = {
#define FACTS_X(symbol, name, reason) name,
        FACTS_UPGRADE_MAP(FACTS_X)
#undef FACTS_X
    };

    return names[by];
}

const char *facts_upgrade_reason(facts_upgrade by)
{
    static const char *const reasons[] = {
#define FACTS_X(symbol, name, reason) reason,
        FACTS_UPGRADE_MAP(FACTS_X)
#undef FACTS_X
    };

    return reasons[by];
}

const char *facts_visit_outcome_name(facts_visit_outcome outcome)
{
    static const char *const names[] = {"arrived", "blocked", "warned", "failed", "unseen"};

    return names[outcome];
}

void facts_visit_done(facts_visit *visit)
{
    base_arena_done(&visit->arena);
    *visit = (facts_visit){0};
}

int facts_visit_status(const facts_visit *visit)
{
    const facts_visit_step *last = &visit->steps[visit->count - 1];

    return last->kind == FACTS_VISIT_ARRIVAL ? last->exchange->response->status : 0;
}

int64_t facts_visit_until(const hf_policy *policy, int64_t life_max, int64_t now)
{
    int64_t life = policy->max_age < life_max ? policy->max_age : life_max;

    return now > 0 && life > INT64_MAX - now ? HF_TIME_NEVER : now + life;
}
