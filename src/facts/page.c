#include "facts/page.h"

#include <string.h>

const char *facts_browser_name(facts_browser browser)
{
    static const char *const names[] = {
#define FACTS_X(symbol, name) name,
        FACTS_BROWSER_MAP(FACTS_X)
#undef FACTS_X
    };

    return names[browser];
}

static const char *const engines[] = {
#define FACTS_X(symbol, name, browser) name,
    FACTS_ENGINE_MAP(FACTS_X)
#undef FACTS_X
};

const char *facts_engine_name(facts_engine engine)
{
    return engines[engine];
}

bool facts_engine_find(const char *name, facts_engine *engine)
{
    for (facts_engine i = 0; i < FACTS_ENGINES; i++)
        if (strcmp(name, engines[i]) == 0) {
            *engine = i;
            return true;
        }
    return false;
}

facts_browser facts_engine_browser(facts_engine engine)
{
    static const facts_browser browsers[] = {
#define FACTS_X(symbol, name, browser) browser,
        FACTS_ENGINE_MAP(FACTS_X)
#undef FACTS_X
    };

    return browsers[engine];
}
