#include "cmd/engine.h"

bool cmd_read_engine(const char *text, void *target, base_error *error)
{
    facts_engine engine;

    if (!facts_engine_find(text, &engine) || engine == FACTS_ENGINE_ANY) {
        base_error_set(error, "'%s' is none of chromium, firefox, safari", BASE_CUT(text));
        return false;
    }
    *(facts_engine *)target = engine;
    return true;
}
