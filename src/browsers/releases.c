#include "browsers/releases.h"

#include "browsers/policies.h"

#define DAY INT64_C(86400)

/*
 * Chromium's calendar as it is published: since milestone 153, stable on 2026-09-08, there is one every two weeks,
 * which branches five weeks before; every fourth is kept alive for eight weeks on the extended stable channel.
 */
#define FIRST_STABLE INT64_C(1788825600)
#define PERIOD (14 * DAY)
#define BRANCH_TO_STABLE (35 * DAY)
#define EXTENDED (56 * DAY)

browsers_release browsers_release_with(int64_t landed)
{
    int64_t first_branch = FIRST_STABLE - BRANCH_TO_STABLE, life = browsers_list_life(FACTS_ENGINE_CHROMIUM);
    int64_t since = landed - first_branch, number = since <= 0 ? 0 : (since + PERIOD - 1) / PERIOD;
    browsers_release release = {.branch = first_branch + number * PERIOD};

    release.stable = release.branch + BRANCH_TO_STABLE;
    /* The milestone before is built until this one takes its place; the extended channel may just have begun with it.
     */
    release.before_until = release.stable + life;
    release.extended_until = release.stable - PERIOD + EXTENDED + life;
    return release;
}

int64_t browsers_list_end(facts_engine engine, int64_t made)
{
    int64_t life = browsers_list_life(engine);

    return life > 0 ? made + life : HF_TIME_UNKNOWN;
}
