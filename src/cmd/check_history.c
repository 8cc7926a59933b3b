#include "cmd/check_history.h"

#include "base/domain.h"
#include "facts/sts_field.h"

#include <string.h>

/* What the history says of the names from the host up, with what was seen now. */
typedef struct gathering {
    facts_site *site;
    const rollout_records *records;
    int64_t now;
    rollout_history history;
    rollout_name *names;
    rollout_listed *listed;
} gathering;

/* The name above; NULL: there is none. */
static const char *parent_of(const char *name)
{
    const char *dot = strchr(name, '.');

    return dot != NULL ? dot + 1 : NULL;
}

/* What a browser notes that gets this answer: a broken certificate leaves everything as it was. False: nothing was
 * seen. */
static bool served_now(const facts_site *site, base_arena *arena, const char **sts)
{
    const facts_exchange *https = facts_site_https(site);
    const facts_response *response = https != NULL ? https->response : NULL;
    const hf_field *field = facts_sts_first(response);

    if (response == NULL)
        return false;
    *sts = field != NULL && https->tls.error_count == 0 ? base_arena_copy(arena, field->value.data, field->value.length)
                                                        : NULL;
    return true;
}

/* The entries up to now, and the answer that was seen. */
static rollout_name with_answer(const gathering *g, const rollout_name *name)
{
    rollout_served *served = base_arena_take(&g->site->arena, (name->count + 1) * sizeof *served);
    size_t count = 0;
    const char *sts;

    if (!served_now(g->site, &g->site->arena, &sts))
        return *name;
    while (count < name->count && name->served[count].from < g->now) {
        served[count] = name->served[count];
        count++;
    }
    served[count++] = (rollout_served){g->now, sts};
    return (rollout_name){name->name, served, count};
}

/* The host and what lies above it, down to its registrable domain, must be in the history: a policy of any of them may
 * hold its visitors. */
static bool gather_names(gathering *g)
{
    const char *host = g->site->host.name, *last = base_domain_registrable(host);

    if (last == NULL)
        last = host;
    for (const char *name = host; name != NULL; name = parent_of(name)) {
        const rollout_name *found = rollout_records_find(g->records, name);

        if (found == NULL && strlen(name) >= strlen(last)) {
            g->site->horizon.gap = FACTS_HORIZON_NAME_MISSING;
            g->site->horizon.missing = base_arena_string(&g->site->arena, name);
            return false;
        }
        if (found != NULL)
            g->names[g->history.name_count++] = name == host ? with_answer(g, found) : *found;
    }
    return true;
}

static bool is_told(const gathering *g, facts_engine engine, const char *name)
{
    for (size_t i = 0; i < g->history.listed_count; i++)
        if (g->listed[i].engine == engine && strcmp(g->listed[i].name, name) == 0)
            return true;
    return false;
}

/* What a list at hand has is taken to be in the newest release too, unless the history says which was the last. */
static void gather_lists(gathering *g)
{
    const facts_site *site = g->site;

    for (size_t i = 0; i < g->records->listed_count; i++)
        for (const char *name = site->host.name; name != NULL; name = parent_of(name))
            if (strcmp(name, g->records->listed[i].name) == 0)
                g->listed[g->history.listed_count++] = g->records->listed[i];
    for (size_t i = 0; i < site->listing_count; i++) {
        const facts_listing *listing = &site->listings[i];

        if (listing->readable && listing->matched != NULL && !is_told(g, listing->engine, listing->matched))
            g->listed[g->history.listed_count++] =
                (rollout_listed){listing->engine, listing->matched, listing->include_subdomains, g->now};
    }
}

static void ask(const gathering *g)
{
    facts_hold *holds = g->site->horizon.holds, *last = &holds[FACTS_ENGINE_ANY];

    g->site->horizon.gap = FACTS_HORIZON_NONE;
    for (facts_engine engine = 0; engine < FACTS_ENGINES; engine++) {
        rollout_held held;

        if (!rollout_horizon(&g->history, engine, g->site->host.name, g->now, &held))
            continue;
        holds[engine] = (facts_hold){true, held.preloaded, held.until, base_arena_string(&g->site->arena, held.by)};
        if (!last->held || held.until > last->until)
            *last = holds[engine];
    }
}

void cmd_check_history(const rollout_records *records, int64_t now, facts_site *site)
{
    gathering g = {.site = site, .records = records, .now = now};
    size_t labels = 1;

    if (!site->verdict.possible) {
        site->horizon.gap = FACTS_HORIZON_NO_POLICY_POSSIBLE;
        return;
    }
    if (records == NULL)
        return;
    for (const char *name = site->host.name; name != NULL; name = parent_of(name))
        labels++;
    g.names = base_arena_take(&site->arena, labels * sizeof *g.names);
    g.listed = base_arena_take(&site->arena, (records->listed_count + FACTS_LISTINGS_MAX) * sizeof *g.listed);
    g.history.names = g.names;
    g.history.listed = g.listed;
    if (!gather_names(&g))
        return;
    gather_lists(&g);
    ask(&g);
}
