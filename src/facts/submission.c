#include "facts/submission.h"

#include <string.h>

static const struct {
    const char *name, *text;
} statuses[FACTS_SUBMISSION_STATUSES] = {
#define FACTS_X(symbol, name, text) {name, text},
    FACTS_SUBMISSION_MAP(FACTS_X)
#undef FACTS_X
};

const char *facts_submission_name(facts_submission_status status)
{
    return statuses[status].name;
}

const char *facts_submission_text(facts_submission_status status)
{
    return statuses[status].text;
}

bool facts_submission_find(const char *name, facts_submission_status *status)
{
    for (size_t i = 0; i < FACTS_SUBMISSION_STATUSES; i++) {
        if (strcmp(statuses[i].name, name) == 0) {
            *status = (facts_submission_status)i;
            return true;
        }
    }
    return false;
}
