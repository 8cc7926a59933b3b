#include "stores/query.h"

#include "base/memory.h"
#include "stores/places.h"
#include "stores/preloaded.h"
#include "stores/row.h"

#include <stdlib.h>
#include <string.h>

/* What a lock-out by a list is answered with, and by one that may have changed since. */
#define PRELOADED "preloaded: nobody can remove it here; fix the certificate"
#define PRELOADED_ONCE "preloaded, if its newer list has the name still: nobody can remove it here; fix the certificate"

typedef struct querying {
    facts_store_answer *answers;
    stores_walk *walks;
    size_t count;
    int64_t now;
    uint64_t damaged;
} querying;

/* True if `name` is the host or a parent of it; *depth then is where it begins. */
static bool covers(const hf_host *host, hf_span name, size_t *depth)
{
    if (name.length == 0 || name.length > host->length)
        return false;
    *depth = host->length - name.length;
    return memcmp(host->name + *depth, name.data, name.length) == 0 && (*depth == 0 || host->name[*depth - 1] == '.');
}

/* What enforces beats what does not; the nearer name beats the farther; of one name the row that ends later. */
static bool is_better(const facts_store_answer *best, const hf_row *row, size_t depth, bool enforces)
{
    if (!best->found || enforces != best->enforces)
        return !best->found || enforces;
    if (depth != best->depth)
        return depth < best->depth;
    return row->expires.seconds > best->row.expires.seconds;
}

static void take(facts_store_answer *best, const hf_row *row, size_t depth, bool enforces)
{
    base_arena_done(&best->arena);
    best->arena = (base_arena){0};
    best->found = true;
    best->enforces = enforces;
    best->depth = depth;
    best->row = *row;
    best->row.host.data = base_arena_copy(&best->arena, row->host.data, row->host.length);
    if (row->partition.length > 0)
        best->row.partition.data = base_arena_copy(&best->arena, row->partition.data, row->partition.length);
    best->row.host_hash = best->row.raw = (hf_span){0};
}

static void hold_against(facts_store_answer *answer, stores_walk *walk, const hf_row *row, int64_t now)
{
    bool enforces = stores_enforces(row, now);
    size_t depth;

    if (row->state == HF_ROW_HPKP || !covers(answer->host, row->host, &depth))
        return;
    walk->has_say[depth] = walk->has_say[depth] || row->state != HF_ROW_UNSET;
    if (depth > 0 && (!row->include_subdomains || !enforces))
        return;
    if (is_better(answer, row, depth, enforces))
        take(answer, row, depth, enforces);
}

static bool on_row(void *self, const hf_row *row)
{
    querying *q = self;

    for (size_t i = 0; i < q->count; i++)
        hold_against(&q->answers[i], &q->walks[i], row, q->now);
    return true;
}

static void on_damage(void *self, const hf_row_damage *damage)
{
    querying *q = self;

    (void)damage;
    q->damaged++;
}

/* -- What it means ------------------------------------------------------------------------------------------------- */

/* Safari marks what it preloads by an end that never comes. */
static bool is_preloaded(const facts_store_answer *a)
{
    return strcmp(a->store.kind, "safari") == 0 && a->row.expires.seconds == HF_TIME_NEVER;
}

static bool is_browser(const char *kind)
{
    return strcmp(kind, "chromium") == 0 || strncmp(kind, "firefox", 7) == 0 || strcmp(kind, "safari") == 0;
}

static const char *lifting(facts_store_answer *a)
{
    const char *page = stores_page_of(a->store.kind, a->store.path);
    int length = (int)a->row.host.length;

    if (a->listed.enforces || (a->enforces && a->preloaded))
        return PRELOADED;
    if (a->listed.walls)
        return PRELOADED_ONCE;
    if (!a->enforces)
        return NULL;
    a->liftable = true;
    if (page != NULL && a->browser)
        return base_arena_format(&a->arena, "%s; or quit it, then holdfast store delete %.*s --from %s:%s", page,
                                 length, a->row.host.data, a->store.kind, a->store.path);
    return base_arena_format(&a->arena, "holdfast store delete %.*s --from %s:%s", length, a->row.host.data,
                             a->store.kind, a->store.path);
}

static void conclude(facts_store_answer *a, const stores_walk *walk, const preload_lists *lists, int64_t now)
{
    a->browser = is_browser(a->store.kind);
    a->preloaded = a->found && is_preloaded(a);
    a->list_asked = lists->floor != NULL;
    a->listed = stores_ask_list(lists, a->store.kind, a->host, walk, now);
    a->lifted_by = lifting(a);
}

bool stores_query(const stores_store *store, const hf_host *hosts, size_t count, const stores_context *context,
                  const preload_lists *lists, facts_store_answer *answers, uint64_t *damaged, base_error *error)
{
    querying q = {.answers = answers, .count = count, .now = context->options.now};
    stores_reader reader = {&context->options, on_row, on_damage, NULL, &q};
    bool read;

    q.walks = base_allocate((count + 1) * sizeof *q.walks);
    for (size_t i = 0; i < count; i++)
        answers[i] = (facts_store_answer){.store = {store->kind, store->path}, .host = &hosts[i]};
    read = stores_store_read(store, &reader, error);
    for (size_t i = 0; i < count && read; i++)
        conclude(&answers[i], &q.walks[i], lists, q.now);
    free(q.walks);
    *damaged = q.damaged;
    return read;
}

void stores_answer_done(facts_store_answer *answer)
{
    base_arena_done(&answer->arena);
    answer->arena = (base_arena){0};
}
