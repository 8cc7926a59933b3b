#include "facts/horizon.h"

static const struct {
    const char *name, *text;
} gaps[] = {
#define FACTS_X(symbol, name, text) {name, text},
    FACTS_HORIZON_GAP_MAP(FACTS_X)
#undef FACTS_X
};

const char *facts_horizon_gap_text(const facts_horizon *horizon, base_arena *arena)
{
    if (horizon->gap == FACTS_HORIZON_NONE)
        return "";
    if (horizon->missing == NULL)
        return gaps[horizon->gap].text;
    return base_arena_format(arena, "%s %s", gaps[horizon->gap].text, horizon->missing);
}

static void write_hold(const facts_hold *hold, base_json *json)
{
    if (!hold->held) {
        base_json_null(json);
        return;
    }
    base_json_object_begin(json);
    base_json_key_time(json, "until", hold->until);
    base_json_key_string(json, "by", hold->by);
    base_json_key_string(json, "kind", hold->preloaded ? "preload" : "learned");
    base_json_object_end(json);
}

void facts_horizon_json(const facts_horizon *horizon, base_json *json)
{
    bool known = horizon->gap == FACTS_HORIZON_NONE;
    const facts_hold *last = &horizon->holds[FACTS_ENGINE_ANY];

    base_json_object_begin(json);
    base_json_key_string(json, "reason", gaps[horizon->gap].name);
    base_json_key_string(json, "missing", horizon->missing);
    base_json_key(json, "until");
    if (last->held)
        base_json_time(json, last->until);
    else
        base_json_null(json);
    base_json_key(json, "browsers");
    if (known) {
        base_json_object_begin(json);
        for (facts_engine engine = FACTS_ENGINE_ANY + 1; engine < FACTS_ENGINES; engine++) {
            base_json_key(json, facts_engine_name(engine));
            write_hold(&horizon->holds[engine], json);
        }
        base_json_object_end(json);
    } else {
        base_json_null(json);
    }
    base_json_object_end(json);
}
