#include "facts/subdomains.h"

#include "base/domain.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name, *text;
} sources[] = {
#define FACTS_X(symbol, name, text) {name, text},
    FACTS_SOURCE_MAP(FACTS_X)
#undef FACTS_X
};

static const char *const states[] = {
#define FACTS_X(symbol, name) name,
    FACTS_SUBDOMAIN_MAP(FACTS_X)
#undef FACTS_X
};

static const char *const plains[] = {
#define FACTS_X(symbol, name) name,
    FACTS_PLAIN_MAP(FACTS_X)
#undef FACTS_X
};

static const char *const covers[] = {
#define FACTS_X(symbol, name) name,
    FACTS_COVER_MAP(FACTS_X)
#undef FACTS_X
};

const char *facts_source_name(facts_source source)
{
    return sources[source].name;
}

const char *facts_source_text(facts_source source)
{
    return sources[source].text;
}

const char *facts_subdomain_state_name(facts_subdomain_state state)
{
    return states[state];
}

const char *facts_plain_name(facts_plain plain)
{
    return plains[plain];
}

const char *facts_cover_name(facts_cover cover)
{
    return covers[cover];
}

/* -- Collecting ---------------------------------------------------------------------------------------------------- */

/* A label that begins with '_' names a service or a key (RFC 8552), never a host of the web. */
static bool is_service(const hf_host *host)
{
    return *host->name == '_' || strstr(host->name, "._") != NULL;
}

void facts_subdomains_add(facts_subdomains *subdomains, const hf_host *host, const char *name, facts_source source,
                          facts_subdomain_state state, base_arena *arena)
{
    hf_host found;

    if (strncmp(name, "*.", 2) == 0) {
        name += 2;
        state = FACTS_SUBDOMAIN_WILDCARD;
    }
    if (hf_host_parse(name, strlen(name), NULL, &found, NULL) != HF_OK || strchr(name, '*') != NULL ||
        found.kind != HF_HOST_NAME || is_service(&found)) {
        subdomains->passed_over++;
        return;
    }
    if (!base_domain_is_within(found.name, host->name)) {
        subdomains->outside++;
        return;
    }
    if (found.length == host->length && state != FACTS_SUBDOMAIN_WILDCARD)
        return;
    if (subdomains->count == FACTS_SUBDOMAINS_MAX) {
        subdomains->left_out++;
        return;
    }
    subdomains->items =
        base_arena_grow(arena, subdomains->items, subdomains->count, &subdomains->capacity, sizeof *subdomains->items);
    subdomains->items[subdomains->count++] =
        (facts_subdomain){.name = base_arena_string(arena, found.name), .sources = 1U << source, .state = state};
}

void facts_subdomains_fail(facts_subdomains *subdomains, facts_source source, const char *from, const char *text,
                           base_arena *arena)
{
    subdomains->failures = base_arena_grow(arena, subdomains->failures, subdomains->failure_count,
                                           &subdomains->failure_capacity, sizeof *subdomains->failures);
    subdomains->failures[subdomains->failure_count++] =
        (facts_source_failure){source, base_arena_string(arena, from), base_arena_string(arena, text)};
}

static int compare(const void *one, const void *other)
{
    const facts_subdomain *a = one, *b = other;
    int order = strcmp(a->name, b->name);

    return order != 0 ? order : (int)a->state - (int)b->state;
}

void facts_subdomains_sort(facts_subdomains *subdomains)
{
    size_t kept = 0;

    if (subdomains->count == 0)
        return;
    qsort(subdomains->items, subdomains->count, sizeof *subdomains->items, compare);
    for (size_t i = 1; i < subdomains->count; i++) {
        if (compare(&subdomains->items[kept], &subdomains->items[i]) == 0)
            subdomains->items[kept].sources |= subdomains->items[i].sources;
        else
            subdomains->items[++kept] = subdomains->items[i];
    }
    subdomains->count = kept + 1;
}

size_t facts_subdomains_count(const facts_subdomains *subdomains, facts_subdomain_state state)
{
    size_t count = 0;

    for (size_t i = 0; i < subdomains->count; i++)
        count += subdomains->items[i].state == state;
    return count;
}

bool facts_subdomains_is_partial(const facts_subdomains *subdomains)
{
    return subdomains->failure_count > 0 || subdomains->left_out > 0 ||
           facts_subdomains_count(subdomains, FACTS_SUBDOMAIN_UNKNOWN) > 0;
}

/* -- JSON ---------------------------------------------------------------------------------------------------------- */

static void write_sources(unsigned bits, base_json *json)
{
    base_json_array_begin(json);
    for (facts_source source = 0; source < FACTS_SOURCES; source++)
        if ((bits & 1U << source) != 0)
            base_json_string(json, facts_source_name(source));
    base_json_array_end(json);
}

static void write_name(const facts_subdomain *item, base_json *json)
{
    base_json_object_begin(json);
    base_json_key_string(json, "name", item->name);
    base_json_key(json, "sources");
    write_sources(item->sources, json);
    base_json_key_string(json, "state", facts_subdomain_state_name(item->state));
    base_json_key_string(json, "cause", item->cause);
    base_json_key_string(json, "reason", item->text);
    base_json_key_string(json, "plain_http", facts_plain_name(item->plain));
    base_json_key(json, "refused_by");
    base_json_array_begin(json);
    for (facts_engine engine = FACTS_ENGINE_ANY + 1; engine < FACTS_ENGINES; engine++)
        if (item->refused[engine])
            base_json_string(json, facts_engine_name(engine));
    base_json_array_end(json);
    base_json_object_end(json);
}

void facts_subdomains_json(const facts_subdomains *subdomains, base_json *json)
{
    if (subdomains->cover == FACTS_COVER_NONE) {
        base_json_null(json);
        return;
    }
    base_json_object_begin(json);
    base_json_key_string(json, "covered_by", facts_cover_name(subdomains->cover));
    base_json_key(json, "names");
    base_json_array_begin(json);
    for (size_t i = 0; i < subdomains->count; i++)
        write_name(&subdomains->items[i], json);
    base_json_array_end(json);
    base_json_key_int(json, "passed_over", (int64_t)subdomains->passed_over);
    base_json_key_int(json, "outside", (int64_t)subdomains->outside);
    base_json_key_int(json, "left_out", (int64_t)subdomains->left_out);
    base_json_key(json, "unread");
    base_json_array_begin(json);
    for (size_t i = 0; i < subdomains->failure_count; i++) {
        base_json_object_begin(json);
        base_json_key_string(json, "source", facts_source_name(subdomains->failures[i].source));
        base_json_key_string(json, "from", subdomains->failures[i].from);
        base_json_key_string(json, "reason", subdomains->failures[i].text);
        base_json_object_end(json);
    }
    base_json_array_end(json);
    base_json_object_end(json);
}
