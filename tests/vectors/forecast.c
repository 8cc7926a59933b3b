/*
 * forecast: what names served over time, and until when somebody is still held, in each user agent: the latest of all
 * visitors (kind horizon), or one visitor who came at given times (kind visitor). Other kinds are skipped.
 */
#include "runner.h"

#include "base/memory.h"
#include "rollout/forecast.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TOLERANCE 1 /* seconds */

typedef struct question {
    base_arena arena;
    rollout_history history;
    const char *kind, *host;
    int64_t at;
    rollout_visit *visits;
    size_t visit_count;
} question;

static const char *text_of(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

static int64_t time_of(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

/* The first field counts, however many came; while a name was down, none came. */
static const char *field_of(const json_t *served)
{
    const json_t *sts = json_object_get(served, "sts");

    if (json_is_true(json_object_get(served, "down")))
        return NULL;
    return json_string_value(json_is_array(sts) ? json_array_get(sts, 0) : sts);
}

static rollout_name read_name(question *q, const char *name, const json_t *list)
{
    rollout_served *served = base_arena_take(&q->arena, (json_array_size(list) + 1) * sizeof *served);
    const json_t *item;
    size_t i;

    json_array_foreach(list, i, item) served[i] = (rollout_served){time_of(item, "from"), field_of(item)};
    return (rollout_name){name, served, json_array_size(list)};
}

static void read_names(question *q, json_t *names)
{
    rollout_name *items = base_arena_take(&q->arena, (json_object_size(names) + 1) * sizeof *items);
    const char *name;
    json_t *list;

    q->history.names = items;
    json_object_foreach(names, name, list) items[q->history.name_count++] = read_name(q, name, list);
}

static bool read_lists(question *q, const json_t *lists)
{
    rollout_listed *items = base_arena_take(&q->arena, (json_array_size(lists) + 1) * sizeof *items);
    const json_t *item;
    size_t i;

    q->history.listed = items;
    q->history.listed_count = json_array_size(lists);
    json_array_foreach(lists, i, item)
    {
        const char *browser = text_of(item, "browser");

        items[i] = (rollout_listed){.name = text_of(item, "name"),
                                    .include_subdomains = json_is_true(json_object_get(item, "include_subdomains")),
                                    .last_release = time_of(item, "last_release")};
        if (browser == NULL || items[i].name == NULL || !facts_engine_find(browser, &items[i].engine))
            return false;
    }
    return true;
}

static bool read_ask(question *q, const json_t *ask)
{
    const json_t *visits = json_object_get(ask, "visits"), *visit;
    size_t i;

    q->host = text_of(ask, "host");
    q->at = time_of(ask, "at");
    q->visits = base_arena_take(&q->arena, (json_array_size(visits) + 1) * sizeof *q->visits);
    q->visit_count = json_array_size(visits);
    json_array_foreach(visits, i, visit)
    {
        q->visits[i] =
            (rollout_visit){json_integer_value(json_array_get(visit, 0)), json_string_value(json_array_get(visit, 1))};
        if (q->visits[i].name == NULL)
            return false;
    }
    return q->host != NULL;
}

static bool find_engine(const char *name, facts_engine *engine)
{
    *engine = FACTS_ENGINE_ANY;
    return strcmp(name, "rfc") == 0 || facts_engine_find(name, engine);
}

static bool is_held(const question *q, facts_engine engine, rollout_held *held)
{
    if (strcmp(q->kind, "horizon") == 0)
        return rollout_horizon(&q->history, engine, q->host, q->at, held);
    return rollout_visitor(&q->history, engine, q->visits, q->visit_count, q->host, q->at, held);
}

static bool agrees(const json_t *expect, bool any, const rollout_held *held)
{
    const char *by = text_of(expect, "by"), *kind = text_of(expect, "kind");
    int64_t until = time_of(expect, "until");

    if (json_is_null(expect) || !any)
        return json_is_null(expect) && !any;
    return held->until >= until - TOLERANCE && held->until - TOLERANCE <= until &&
           (by == NULL || strcmp(by, held->by) == 0) &&
           (kind == NULL || strcmp(kind, held->preloaded ? "preload" : "learned") == 0);
}

static void judge(tally *t, const question *q, const char *id, json_t *expects)
{
    const char *name;
    json_t *expect;
    bool good = json_object_size(expects) > 0;

    json_object_foreach(expects, name, expect)
    {
        facts_engine engine;
        rollout_held held = {0};
        bool any;

        if (!good || !find_engine(name, &engine)) {
            good = false;
            break;
        }
        any = is_held(q, engine, &held);
        if (!agrees(expect, any, &held)) {
            char *wanted = json_dumps(expect, JSON_ENCODE_ANY | JSON_COMPACT);

            vector_fail(t, "%s: %s: wanted %s, got %s %" PRId64 " %s", id, name, wanted, any ? "held until" : "free",
                        held.until, any ? held.by : "");
            free(wanted);
            return;
        }
    }
    if (good)
        vector_pass(t);
    else
        vector_fail(t, "%s: nothing is expected, or of an unknown user agent", id);
}

static void run(tally *t, char *line)
{
    json_t *vector = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
    const char *id = text_of(vector, "id");
    question q = {.kind = text_of(vector, "kind")};

    if (id == NULL || q.kind == NULL) {
        vector_fail(t, "not a vector: id or kind is missing");
    } else if (strcmp(q.kind, "horizon") != 0 && strcmp(q.kind, "visitor") != 0) {
        vector_skip(t, id, "only the kinds horizon and visitor are forecast");
    } else if (!read_lists(&q, json_object_get(vector, "preload")) || !read_ask(&q, json_object_get(vector, "ask"))) {
        vector_fail(t, "%s: not a vector", id);
    } else {
        read_names(&q, json_object_get(vector, "names"));
        judge(t, &q, id, json_object_get(vector, "expect"));
    }
    base_arena_done(&q.arena);
    json_decref(vector);
}

const vector_kind vector_forecast = {"forecast", run};
