#include "facts/verdict.h"

static const char *const access_names[] = {
#define FACTS_X(symbol, name) name,
    FACTS_ACCESS_MAP(FACTS_X)
#undef FACTS_X
};

const char *facts_access_name(facts_access access)
{
    return access_names[access];
}
