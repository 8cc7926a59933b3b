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

static const char *const ways[] = {
#define FACTS_X(symbol, name) name,
    FACTS_WAY_MAP(FACTS_X)
#undef FACTS_X
};

const char *facts_way_name(facts_way way)
{
    return ways[way];
}

const char *facts_visitor_name(facts_visitor visitor)
{
    static const char *const names[] = {
#define FACTS_X(symbol, name) name,
        FACTS_VISITOR_MAP(FACTS_X)
#undef FACTS_X
    };

    return names[visitor];
}

/* -- JSON ---------------------------------------------------------------------------------------------------------- */

static void key_access(base_json *json, const char *key, const facts_ending *ending)
{
    base_json_key_string(json, key, ending->seen ? facts_access_name(ending->access) : NULL);
}

static bool is_visited(facts_way way, facts_visitor visitor)
{
    return visitor == FACTS_STRANGER || way == FACTS_HTTPS || way == FACTS_WWW_HTTPS;
}

/* On the page that stops returning visitors, who meet it first, or else everybody. */
static const char *code_of(const facts_entrance *entrance, facts_engine engine)
{
    const char *code = entrance->endings[FACTS_RETURNING][engine].code;

    return code != NULL ? code : entrance->endings[FACTS_STRANGER][engine].code;
}

/* In each browser that was gone as; null: not known. */
static void write_browsers(const facts_verdict *verdict, base_json *json)
{
    const facts_entrance *entrance = &verdict->entrances[FACTS_HTTPS];

    base_json_key(json, "browsers");
    base_json_object_begin(json);
    for (facts_engine engine = FACTS_ENGINE_ANY + 1; engine < FACTS_ENGINES; engine++) {
        if (verdict->engine != FACTS_ENGINE_ANY && verdict->engine != engine)
            continue;
        base_json_key(json, facts_engine_name(engine));
        base_json_object_begin(json);
        for (facts_visitor visitor = 0; visitor < FACTS_VISITORS; visitor++)
            key_access(json, facts_visitor_name(visitor), &entrance->endings[visitor][engine]);
        base_json_key_string(json, "code", code_of(entrance, engine));
        base_json_key(json, "hsts_in_force");
        if (entrance->endings[FACTS_STRANGER][engine].seen)
            base_json_bool(json, entrance->endings[FACTS_STRANGER][engine].noted);
        else
            base_json_null(json);
        base_json_key_time(json, "policy_until", verdict->policy_until[engine]);
        base_json_key_int(json, "renewal_step", verdict->renewal_step[engine]);
        base_json_object_end(json);
    }
    base_json_object_end(json);
}

static void write_addresses(const facts_entrance *entrance, base_json *json)
{
    base_json_key(json, "addresses");
    base_json_array_begin(json);
    for (size_t i = 0; i < entrance->address_count; i++) {
        const facts_at_address *at = &entrance->addresses[i];

        base_json_object_begin(json);
        base_json_key_string(json, "address", at->address);
        base_json_key_string(json, "family", at->ipv6 ? "ipv6" : "ipv4");
        base_json_key_bool(json, "answers", at->answers);
        for (facts_visitor visitor = 0; visitor < FACTS_VISITORS; visitor++)
            key_access(json, facts_visitor_name(visitor), &at->endings[visitor]);
        base_json_object_end(json);
    }
    base_json_array_end(json);
}

/* -- First, any, all ----------------------------------------------------------------------------------------------- */

/* What is met at the addresses of a group: the best and the worst. */
typedef struct span {
    bool seen;
    facts_access best, worst;
} span;

static void widen(span *s, const facts_ending *ending)
{
    if (!ending->seen)
        return;
    s->best = s->seen && s->best < ending->access ? s->best : ending->access;
    s->worst = s->seen && s->worst > ending->access ? s->worst : ending->access;
    s->seen = true;
}

static void key_span(base_json *json, const char *key, bool seen, facts_access access)
{
    base_json_key_string(json, key, seen ? facts_access_name(access) : NULL);
}

static void write_by_address(const facts_verdict *verdict, facts_visitor visitor, base_json *json)
{
    const facts_entrance *entrance = &verdict->entrances[FACTS_HTTPS];
    const facts_ending *first = &entrance->endings[visitor][verdict->engine];
    span all = {0}, family[2] = {{0}};

    for (size_t i = 0; i < entrance->address_count; i++) {
        widen(&all, &entrance->addresses[i].endings[visitor]);
        widen(&family[entrance->addresses[i].ipv6], &entrance->addresses[i].endings[visitor]);
    }
    if (entrance->address_count == 0)
        widen(&all, first);
    base_json_key(json, facts_visitor_name(visitor));
    base_json_object_begin(json);
    key_access(json, "first", first);
    key_span(json, "any", all.seen, all.best);
    key_span(json, "all", all.seen, all.worst);
    key_span(json, "ipv4", family[0].seen, family[0].worst);
    key_span(json, "ipv6", family[1].seen, family[1].worst);
    base_json_object_end(json);
}

/* -- Each way in --------------------------------------------------------------------------------------------------- */

static void write_ending(const facts_ending *ending, base_json *json)
{
    if (!ending->seen) {
        base_json_null(json);
        return;
    }
    base_json_object_begin(json);
    base_json_key_string(json, "access", facts_access_name(ending->access));
    base_json_key_string(json, "url", ending->url);
    base_json_key(json, "status");
    if (ending->status != 0)
        base_json_int(json, ending->status);
    else
        base_json_null(json);
    base_json_key_string(json, "cause", ending->cause);
    base_json_key_string(json, "message", ending->text);
    base_json_key_string(json, "code", ending->code);
    base_json_key_string(json, "upgraded", ending->upgraded);
    base_json_key_string(json, "known_host", ending->known_host);
    base_json_key_bool(json, "asked_first", ending->asked_first);
    base_json_key_bool(json, "fell_back", ending->fell_back);
    base_json_key_bool(json, "knows", ending->knows);
    base_json_object_end(json);
}

/* Of plain HTTP: each browser, and a client that is none. */
static void write_http(const facts_verdict *verdict, facts_way way, base_json *json)
{
    const facts_entrance *entrance = &verdict->entrances[way];

    base_json_key(json, "browsers");
    base_json_object_begin(json);
    for (facts_engine engine = FACTS_ENGINE_ANY + 1; engine < FACTS_ENGINES; engine++) {
        if (verdict->engine != FACTS_ENGINE_ANY && verdict->engine != engine)
            continue;
        base_json_key(json, facts_engine_name(engine));
        write_ending(&entrance->endings[FACTS_STRANGER][engine], json);
    }
    base_json_object_end(json);
    base_json_key(json, "as_written");
    write_ending(&entrance->as_written, json);
}

static void write_ways(const facts_verdict *verdict, base_json *json)
{
    base_json_key(json, "ways");
    base_json_object_begin(json);
    for (facts_way way = 0; way < FACTS_WAYS; way++) {
        base_json_key(json, facts_way_name(way));
        if (verdict->entrances[way].url == NULL) {
            base_json_null(json);
            continue;
        }
        base_json_object_begin(json);
        for (facts_visitor visitor = 0; visitor < FACTS_VISITORS; visitor++)
            if (is_visited(way, visitor)) {
                base_json_key(json, facts_visitor_name(visitor));
                write_ending(&verdict->entrances[way].endings[visitor][verdict->engine], json);
            }
        if (!is_visited(way, FACTS_RETURNING))
            write_http(verdict, way, json);
        write_addresses(&verdict->entrances[way], json);
        base_json_object_end(json);
    }
    base_json_object_end(json);
}

void facts_verdict_json(const facts_verdict *verdict, const char *summary, base_json *json)
{
    base_json_object_begin(json);
    base_json_key_string(json, "summary", summary);
    base_json_key_string(json, "as", facts_engine_name(verdict->engine));
    base_json_key_bool(json, "looked", verdict->looked);
    base_json_key_bool(json, "complete", verdict->complete);
    base_json_key_bool(json, "hsts_in_force", verdict->in_force);
    base_json_key_string(json, "noted", hf_noted_name(verdict->noted));
    base_json_key_string(json, "first_visit", verdict->looked ? facts_access_name(verdict->first_visit) : NULL);
    base_json_key_string(json, "later_visit", verdict->looked ? facts_access_name(verdict->later_visit) : NULL);
    base_json_key_time(json, "certificate_until", verdict->certificate_until);
    base_json_key_time(json, "policy_until", verdict->policy_until[verdict->engine]);
    base_json_key_time(json, "lockout_from", verdict->lockout_from);
    write_browsers(verdict, json);
    base_json_key(json, "by_address");
    base_json_object_begin(json);
    for (facts_visitor visitor = 0; visitor < FACTS_VISITORS; visitor++)
        write_by_address(verdict, visitor, json);
    base_json_object_end(json);
    write_ways(verdict, json);
    base_json_object_end(json);
}
