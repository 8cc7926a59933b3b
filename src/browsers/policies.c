#include "browsers/policies.h"

#define DAY INT64_C(86400)
#define YEAR (365 * DAY)
#define NOTES_MAX 16

/*
 * Chromium 156 and Firefox 153 ESR: measured, but for the life of their lists: IsBuildTimely in
 * net/http/transport_security_state.cc, and the expiry in nsSTSPreloadList.inc. Safari: localhost as its users report
 * it; the rest is not known, and taken to be as RFC 6797 has it.
 */
static const struct {
    int64_t life_max;
    int64_t renewal_step;
    int64_t list_life;
    bool hides_list;
    bool refuses_65_bits; /* a max-age above 2^64-1 makes the field void */
    bool localhost;
    size_t redirects_max;
} policies[FACTS_ENGINES] = {
    [FACTS_ENGINE_ANY] = {.life_max = INT64_MAX, .redirects_max = 19},
    [FACTS_ENGINE_CHROMIUM] = {.life_max = YEAR, .list_life = 70 * DAY, .redirects_max = 19},
    [FACTS_ENGINE_FIREFOX] = {.life_max = 100 * YEAR,
                              .renewal_step = DAY,
                              .list_life = 126 * DAY,
                              .hides_list = true,
                              .refuses_65_bits = true,
                              .localhost = true,
                              .redirects_max = 20},
    [FACTS_ENGINE_SAFARI] = {.life_max = INT64_MAX, .localhost = true, .redirects_max = 20},
};

int64_t browsers_life_max(facts_engine engine)
{
    return policies[engine].life_max;
}

static bool is_above_64_bits(const char *digits, size_t length)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < length; i++) {
        uint64_t digit = (uint64_t)(digits[i] - '0');

        if (digits[i] < '0' || digits[i] > '9')
            continue; /* quotes around the number */
        if (sum > (UINT64_MAX - digit) / 10)
            return true;
        sum = sum * 10 + digit;
    }
    return false;
}

bool browsers_read_policy(facts_engine engine, const char *value, size_t length, hf_policy *policy)
{
    hf_note items[NOTES_MAX];
    hf_notes notes = {.items = items, .capacity = NOTES_MAX};

    if (!hf_header_parse(value, length, policy, &notes))
        return false;
    for (size_t i = 0; i < notes.count && i < NOTES_MAX; i++)
        if (items[i].id == HF_NOTE_MAX_AGE_SATURATED && policies[engine].refuses_65_bits &&
            is_above_64_bits(value + items[i].offset, items[i].length))
            return false;
    if (policy->max_age > policies[engine].life_max)
        policy->max_age = policies[engine].life_max;
    return true;
}

int64_t browsers_renewal_step(facts_engine engine)
{
    return policies[engine].renewal_step;
}

int64_t browsers_list_life(facts_engine engine)
{
    return policies[engine].list_life;
}

bool browsers_learned_hides_list(facts_engine engine)
{
    return policies[engine].hides_list;
}

bool browsers_enforce_localhost(facts_engine engine)
{
    return policies[engine].localhost;
}

size_t browsers_redirects_max(facts_engine engine)
{
    return policies[engine].redirects_max;
}
