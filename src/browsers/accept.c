#include "browsers/accept.h"

#include <string.h>

browsers_taking browsers_taking_of(const facts_shown *shown)
{
    if (shown->lets_in)
        return BROWSERS_TAKES;
    if (shown->code == NULL)
        return BROWSERS_NOT_KNOWN;
    return shown->bypass ? BROWSERS_WARNS : BROWSERS_REFUSES;
}

const browsers_cause *browsers_accept_find(const char *id)
{
    for (size_t i = 0; i < browsers_cause_count; i++)
        if (strcmp(browsers_causes[i].id, id) == 0)
            return &browsers_causes[i];
    return NULL;
}

/* Edge shows what Chrome shows, and is left out. */
const char *browsers_accept_text(const facts_shown shown[static FACTS_BROWSERS], base_arena *arena)
{
    static const char *const verbs[] = {"accepts it", "warns", "refuses it"};
    const char *text = "";

    for (facts_browser browser = 0; browser < FACTS_BROWSERS; browser++) {
        browsers_taking taking = browsers_taking_of(&shown[browser]);

        if (browser == FACTS_BROWSER_EDGE || taking == BROWSERS_NOT_KNOWN)
            continue;
        text = base_arena_format(arena, "%s%s%s %s", text, *text != '\0' ? ", " : "", facts_browser_name(browser),
                                 verbs[taking]);
        if (taking != BROWSERS_TAKES)
            text = base_arena_format(arena, "%s (%s)", text, shown[browser].code);
    }
    return text;
}
