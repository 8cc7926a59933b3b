#include "rollout/forecast.h"

#include "base/domain.h"
#include "base/memory.h"
#include "browsers/policies.h"

#include <stdlib.h>
#include <string.h>

/* What a browser keeps of one name. */
typedef struct row {
    const char *name;
    int64_t until;
    bool include_subdomains;
    bool off; /* max-age=0 came for a preloaded name, where that takes the place of its entry */
} row;

typedef struct browser {
    const rollout_history *history;
    facts_engine engine;
    row *rows;
    size_t count, capacity;
} browser;

static int64_t later(int64_t time, int64_t seconds)
{
    return time > 0 && seconds > HF_TIME_NEVER - time ? HF_TIME_NEVER : time + seconds;
}

/* True for the host itself and for what lies above it. */
static bool covers(const char *name, const char *host, bool *exact)
{
    *exact = strlen(name) == strlen(host);
    return base_domain_is_within(host, name);
}

/* -- The horizon --------------------------------------------------------------------------------------------------- */

static void take_longest(rollout_held *held, bool *any, rollout_held other)
{
    if (!*any || other.until > held->until)
        *held = other;
    *any = true;
}

static void look_at_name(const rollout_name *name, facts_engine engine, bool exact, int64_t at, rollout_held *held,
                         bool *any)
{
    for (size_t i = 0; i < name->count && name->served[i].from <= at; i++) {
        const rollout_served *served = &name->served[i];
        int64_t end = i + 1 < name->count && served[1].from < at ? served[1].from : at;
        hf_policy policy;

        if (served->sts == NULL || !browsers_read_policy(engine, served->sts, strlen(served->sts), &policy))
            continue;
        if (policy.max_age > 0 && (exact || policy.include_subdomains))
            take_longest(held, any, (rollout_held){later(end, policy.max_age), name->name, false});
    }
}

static int64_t list_end(const rollout_listed *entry)
{
    return later(entry->last_release, browsers_list_life(entry->engine));
}

bool rollout_horizon(const rollout_history *history, facts_engine engine, const char *host, int64_t at,
                     rollout_held *held)
{
    rollout_held longest = {0};
    bool exact, any = false;

    for (size_t i = 0; i < history->name_count; i++)
        if (covers(history->names[i].name, host, &exact))
            look_at_name(&history->names[i], engine, exact, at, &longest, &any);
    for (size_t i = 0; i < history->listed_count; i++) {
        const rollout_listed *entry = &history->listed[i];

        if (entry->engine == engine && covers(entry->name, host, &exact) && (exact || entry->include_subdomains))
            take_longest(&longest, &any, (rollout_held){list_end(entry), entry->name, true});
    }
    if (!any || longest.until < at)
        return false;
    *held = longest;
    return true;
}

/* -- One visitor --------------------------------------------------------------------------------------------------- */

static const char *field_at(const rollout_history *history, const char *name, int64_t at)
{
    const char *sts = NULL;

    for (size_t i = 0; i < history->name_count; i++) {
        const rollout_name *candidate = &history->names[i];

        for (size_t k = 0; strcmp(candidate->name, name) == 0 && k < candidate->count; k++)
            if (candidate->served[k].from <= at)
                sts = candidate->served[k].sts;
    }
    return sts;
}

static row *row_of(const browser *b, const char *name)
{
    for (size_t i = 0; i < b->count; i++)
        if (strcmp(b->rows[i].name, name) == 0)
            return &b->rows[i];
    return NULL;
}

static const rollout_listed *entry_of(const browser *b, const char *name, int64_t at)
{
    for (size_t i = 0; i < b->history->listed_count; i++) {
        const rollout_listed *entry = &b->history->listed[i];

        if (entry->engine == b->engine && strcmp(entry->name, name) == 0 && list_end(entry) >= at)
            return entry;
    }
    return NULL;
}

static void forget(browser *b, row *known, const char *name, int64_t at)
{
    bool hides = browsers_learned_hides_list(b->engine) && entry_of(b, name, at) != NULL;

    if (known != NULL && !hides) {
        b->count--;
        memmove(known, known + 1, (size_t)(b->rows + b->count - known) * sizeof *known);
        return;
    }
    if (!hides)
        return;
    if (known == NULL) {
        b->rows = base_grow(b->rows, b->count, &b->capacity, sizeof *b->rows);
        known = &b->rows[b->count++];
    }
    *known = (row){.name = name, .until = at, .off = true};
}

/* The browser keeps the expiry that it has when the new one hardly differs. */
static bool is_kept(const browser *b, const row *known, const row *fresh, int64_t at)
{
    int64_t step = browsers_renewal_step(b->engine);

    if (known->off || known->until < at || known->include_subdomains != fresh->include_subdomains)
        return false;
    return fresh->until > known->until ? fresh->until - known->until < step : known->until - fresh->until < step;
}

static void come(browser *b, const rollout_visit *visit)
{
    const char *sts = field_at(b->history, visit->name, visit->at);
    row *known = row_of(b, visit->name);
    hf_policy policy;
    row fresh;

    if (sts == NULL || !browsers_read_policy(b->engine, sts, strlen(sts), &policy))
        return;
    if (policy.max_age == 0) {
        forget(b, known, visit->name, visit->at);
        return;
    }
    fresh = (row){visit->name, later(visit->at, policy.max_age), policy.include_subdomains, false};
    if (known == NULL) {
        b->rows = base_grow(b->rows, b->count, &b->capacity, sizeof *b->rows);
        b->rows[b->count++] = fresh;
    } else if (!is_kept(b, known, &fresh, visit->at)) {
        *known = fresh;
    }
}

static bool is_learned(const browser *b, const char *name, bool exact, int64_t at, rollout_held *held)
{
    const row *known = row_of(b, name);

    if (known == NULL || known->off || known->until < at || !(exact || known->include_subdomains))
        return false;
    *held = (rollout_held){known->until, known->name, false};
    return true;
}

static bool is_listed(const browser *b, const char *name, bool exact, int64_t at, rollout_held *held)
{
    const rollout_listed *entry = entry_of(b, name, at);

    if (entry == NULL || !(exact || entry->include_subdomains))
        return false;
    if (browsers_learned_hides_list(b->engine) && row_of(b, name) != NULL)
        return false;
    *held = (rollout_held){list_end(entry), entry->name, true};
    return true;
}

static bool is_enforced(const browser *b, const char *host, int64_t at, rollout_held *held)
{
    for (const char *name = host; name != NULL; name = strchr(name, '.')) {
        name += *name == '.';
        if (is_learned(b, name, name == host, at, held) || is_listed(b, name, name == host, at, held))
            return true;
    }
    return false;
}

bool rollout_visitor(const rollout_history *history, facts_engine engine, const rollout_visit *visits, size_t count,
                     const char *host, int64_t at, rollout_held *held)
{
    browser b = {.history = history, .engine = engine};
    rollout_held now;
    bool any = false;

    for (size_t i = 0; i < count && visits[i].at <= at; i++)
        come(&b, &visits[i]);
    /* What ends may leave behind what it covered: the policy of a parent, an entry of the list. */
    while ((!any || held->until < HF_TIME_NEVER) && is_enforced(&b, host, any ? held->until + 1 : at, &now)) {
        *held = now;
        any = true;
    }
    free(b.rows);
    return any;
}
