#include "facts/page.h"

const char *facts_browser_name(facts_browser browser)
{
    static const char *const names[] = {
#define FACTS_X(symbol, name) name,
        FACTS_BROWSER_MAP(FACTS_X)
#undef FACTS_X
    };

    return names[browser];
}
