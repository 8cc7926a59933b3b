#include "browsers/policies.h"

#define YEAR INT64_C(31536000)

/* Chromium 156 and Firefox 153 ESR: measured. Safari: localhost as its users report it; its longest life is not known.
 */
static const struct {
    int64_t life_max;
    bool localhost;
} policies[FACTS_ENGINES] = {
    [FACTS_ENGINE_ANY] = {INT64_MAX, false},
    [FACTS_ENGINE_CHROMIUM] = {YEAR, false},
    [FACTS_ENGINE_FIREFOX] = {100 * YEAR, true},
    [FACTS_ENGINE_SAFARI] = {INT64_MAX, true},
};

int64_t browsers_life_max(facts_engine engine)
{
    return policies[engine].life_max;
}

bool browsers_enforce_localhost(facts_engine engine)
{
    return policies[engine].localhost;
}
