#include "facts/failure.h"

#include <stdio.h>

enum { HOST, HERE };

static const struct {
    const char *name, *text;
    bool ours;
} codes[] = {
#define FACTS_X(symbol, name, side, text) {name, text, side == HERE},
    FACTS_FAILURE_MAP(FACTS_X)
#undef FACTS_X
};

static const char *const phases[] = {
#define FACTS_X(symbol, name) name,
    FACTS_PHASE_MAP(FACTS_X)
#undef FACTS_X
};

const char *facts_code_name(facts_code code)
{
    return codes[code].name;
}

const char *facts_code_text(facts_code code)
{
    return codes[code].text;
}

const char *facts_phase_name(facts_phase phase)
{
    return phases[phase];
}

bool facts_code_is_ours(facts_code code)
{
    return codes[code].ours;
}

facts_failure facts_failure_make(facts_phase phase, facts_code code, const char *detail)
{
    facts_failure failure = {.phase = phase, .code = code};

    snprintf(failure.detail, sizeof failure.detail, "%s", detail != NULL ? detail : "");
    return failure;
}

const facts_failure *facts_failure_keep(const facts_failure *failure, base_arena *arena)
{
    facts_failure *kept = base_arena_take(arena, sizeof *kept);

    *kept = *failure;
    return kept;
}

void facts_failure_json(const facts_failure *failure, base_json *json)
{
    if (failure == NULL) {
        base_json_null(json);
        return;
    }
    base_json_object_begin(json);
    base_json_key_string(json, "phase", facts_phase_name(failure->phase));
    base_json_key_string(json, "code", facts_code_name(failure->code));
    base_json_key_string(json, "text", facts_code_text(failure->code));
    base_json_key(json, "alert");
    if (failure->alert != 0)
        base_json_int(json, failure->alert);
    else
        base_json_null(json);
    base_json_key_string(json, "detail", failure->detail);
    base_json_object_end(json);
}
