#include "stores/forget.h"

#include "base/replace.h"
#include "stores/own.h"
#include "stores/writer.h"

#include <stdlib.h>
#include <string.h>

/* -- What is wished ------------------------------------------------------------------------------------------------ */

static int by_name(const void *a, const void *b)
{
    const hf_span *one = a, *other = b;
    size_t shorter = one->length < other->length ? one->length : other->length;
    int order = memcmp(one->data, other->data, shorter);

    return order != 0 ? order : (one->length > other->length) - (one->length < other->length);
}

static bool holds(const stores_name_set *list, hf_span name)
{
    return list->count > 0 && name.length > 0 &&
           bsearch(&name, list->items, list->count, sizeof *list->items, by_name) != NULL;
}

/* The name above: behind the first dot; empty for a top-level domain. */
static hf_span above(hf_span name)
{
    const char *dot = name.length > 0 ? memchr(name.data, '.', name.length) : NULL;

    if (dot == NULL)
        return (hf_span){0};
    return (hf_span){dot + 1, name.length - (size_t)(dot + 1 - name.data)};
}

static bool is_host(const stores_wish *w, hf_span name)
{
    if (holds(&w->hosts, name))
        return true;
    for (name = above(name); w->subtree && name.length > 0; name = above(name)) {
        if (holds(&w->hosts, name))
            return true;
    }
    return false;
}

/* A store that keeps max-age and end keeps the time of the note too, in other words. */
static int64_t observed_of(const hf_row *row)
{
    if (row->observed.seconds == HF_TIME_UNKNOWN && row->max_age != HF_TIME_UNKNOWN &&
        row->expires.seconds != HF_TIME_NEVER)
        return row->expires.seconds - row->max_age;
    return row->observed.seconds;
}

bool stores_wish_covers(const stores_wish *w, const hf_row *row)
{
    if (w->everything)
        return true;
    if (w->hosts.count > 0)
        return is_host(w, row->host);
    int64_t observed = observed_of(row);
    return observed != HF_TIME_UNKNOWN && observed >= w->from && observed < w->to;
}

static void add_name(stores_name_set *set, hf_span name)
{
    if (set->count == set->capacity) {
        set->capacity += set->capacity / 2 + 64;
        set->items = realloc(set->items, set->capacity * sizeof *set->items);
        if (set->items == NULL)
            base_out_of_memory();
    }
    set->items[set->count++] = name;
}

void stores_wish_add(stores_wish *wish, const hf_host *host)
{
    hf_span name = {base_arena_string(&wish->arena, host->name), host->length};

    add_name(&wish->hosts, name);
    for (name = above(name); name.length > 0; name = above(name))
        add_name(&wish->parents, name);
}

static void sort_names(stores_name_set *set)
{
    if (set->count > 1)
        qsort(set->items, set->count, sizeof *set->items, by_name);
}

void stores_wish_settle(stores_wish *wish)
{
    sort_names(&wish->hosts);
    sort_names(&wish->parents);
}

void stores_wish_done(stores_wish *wish)
{
    free(wish->hosts.items);
    free(wish->parents.items);
    base_arena_done(&wish->arena);
    *wish = (stores_wish){.from = HF_TIME_UNKNOWN};
}

/* -- Looking first ------------------------------------------------------------------------------------------------- */

typedef struct forgetting {
    const stores_wish *wish;
    const stores_store *store;
    const stores_context *context;
    facts_store_forgotten *forgotten;
} forgetting;

/* What stays although the user may have meant it. */
static void note_stay(const forgetting *f, const hf_row *row)
{
    facts_store_forgotten *forgotten = f->forgotten;

    forgotten->outcome.kept++;
    if (f->wish->hosts.count == 0)
        forgotten->untimed += observed_of(row) == HF_TIME_UNKNOWN;
    else if (row->host.length == 0)
        forgotten->nameless++;
    else if (row->include_subdomains && row->state == HF_ROW_SET && forgotten->parent == NULL &&
             holds(&f->wish->parents, row->host))
        forgotten->parent = base_arena_copy(&forgotten->outcome.arena, row->host.data, row->host.length);
}

static bool count(void *self, const hf_row *row)
{
    const forgetting *f = self;
    facts_store_forgotten *forgotten = f->forgotten;
    hf_span name = row->host.length > 0 ? row->host : row->host_hash;

    if (!stores_wish_covers(f->wish, row)) {
        note_stay(f, row);
        return true;
    }
    forgotten->outcome.gone++;
    if (forgotten->name_count < FACTS_STORE_NAMES_MAX)
        forgotten->names[forgotten->name_count++] = base_arena_copy(&forgotten->outcome.arena, name.data, name.length);
    return true;
}

static void count_damage(void *self, const hf_row_damage *damage)
{
    const forgetting *f = self;

    (void)damage;
    f->forgotten->damaged++;
}

/* -- Our own store ------------------------------------------------------------------------------------------------- */

static bool drops(void *self, const hf_entry *entry)
{
    hf_row row;

    hf_row_from_entry(entry, &row);
    return stores_wish_covers(self, &row);
}

/* The file is written anew, so that the old one stays under the second name. */
static bool forget_and_keep(const forgetting *f, const stores_own *own, const base_place *place, base_error *error)
{
    facts_store_outcome *outcome = &f->forgotten->outcome;
    hf_store_error problem = hf_store_error_init();
    char kept[NAME_MAX + 1];
    size_t gone = 0;

    if (!base_replace_keep(place, STORES_BACKUP_ENDING, kept, error))
        return false;
    hf_status status = hf_store_forget_if(own->store, drops, (void *)(uintptr_t)f->wish, &gone, &problem);
    if (status != HF_OK)
        base_error_set(error, "%s", problem.text);
    outcome->gone = gone;
    if (gone > 0)
        outcome->backup = stores_backup_path(&outcome->arena, own->way.folder, place, kept);
    else
        base_replace_forget(place, kept);
    return status == HF_OK;
}

static bool forget_own(const forgetting *f, base_error *error)
{
    stores_own own;
    base_place place;
    bool done;

    if (f->forgotten->outcome.dry_run)
        return true;
    if (!stores_own_open(&own, f->store, &(stores_own_options){.read_only = false}, error))
        return false;
    done = base_place_find(&place, own.way.path, own.way.folder, false, error);
    if (done) {
        done = forget_and_keep(f, &own, &place, error);
        base_place_done(&place);
    }
    stores_own_close(&own);
    return done;
}

/* -- Another program's --------------------------------------------------------------------------------------------- */

static bool stays(void *self, const hf_row *row)
{
    return !stores_wish_covers(self, row);
}

static bool forget_foreign(const forgetting *f, base_error *error)
{
    facts_store_outcome outcome, *whole = &f->forgotten->outcome;
    const stores_writer_options target = {.target = f->store,
                                          .context = f->context,
                                          .keep = stays,
                                          .self = (void *)(uintptr_t)f->wish,
                                          .must_exist = true,
                                          .dry_run = whole->dry_run};
    stores_writer *writer = NULL;
    bool done = stores_writer_open(&target, &outcome, &writer, error) && stores_writer_commit(writer, error);

    stores_writer_close(writer);
    if (done) {
        whole->kept = outcome.kept;
        whole->gone = outcome.gone;
        whole->backup = base_arena_string(&whole->arena, outcome.backup);
    }
    stores_outcome_done(&outcome);
    return done;
}

bool stores_forget(const stores_wish *wish, const stores_store *store, const stores_context *context, bool dry_run,
                   facts_store_forgotten *forgotten, base_error *error)
{
    forgetting f = {wish, store, context, forgotten};
    stores_reader reader = {.options = &context->options, .row = count, .damage = count_damage, .self = &f};

    *forgotten = (facts_store_forgotten){.outcome = {.store = {store->kind, store->path}, .dry_run = dry_run},
                                         .subtree = wish->subtree};
    if (!stores_store_read(store, &reader, error))
        return false;
    if (forgotten->outcome.gone == 0)
        return true;
    return store->format != NULL ? forget_foreign(&f, error) : forget_own(&f, error);
}
