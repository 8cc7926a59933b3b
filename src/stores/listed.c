#include "stores/listed.h"

#include "stores/merge.h"
#include "stores/translate.h"
#include "stores/writer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

typedef struct listing {
    const stores_store *target;
    const stores_context *context;
    const preload_names *names;
    stores_merge there; /* what the target has in force */
    uint64_t number;
    base_error *error;
    bool failed;
} listing;

static uint64_t identity_of(const listing *l, const hf_row *row)
{
    return stores_identity(row, l->target->format, &l->context->options);
}

static bool is_in_force(const listing *l, const hf_row *row)
{
    return stores_standing_of(row, &l->context->options) >= STORES_POLICY;
}

static bool collect(void *self, const hf_row *row)
{
    listing *l = self;

    if (l->number == STORES_ROWS_MAX) {
        base_error_set(l->error, "the store holds too many entries");
        l->failed = true;
        return false;
    }
    if (is_in_force(l, row))
        stores_merge_add(&l->there, l->number, identity_of(l, row), row, &l->context->options);
    l->number++;
    return true;
}

static int by_name(const void *key, const void *entry)
{
    return strcmp(key, ((const hf_preload_entry *)entry)->name);
}

static bool is_listed(const preload_names *names, hf_span host)
{
    char name[HF_HOST_MAX + 1];

    if (host.length == 0 || host.length > HF_HOST_MAX || names->count == 0)
        return false;
    memcpy(name, host.data, host.length);
    name[host.length] = '\0';
    return bsearch(name, names->entries, names->count, sizeof *names->entries, by_name) != NULL;
}

/* What is over makes room for the name. */
static bool keep(void *self, const hf_row *row)
{
    const listing *l = self;

    return stores_standing_of(row, &l->context->options) != STORES_NO_POLICY || !is_listed(l->names, row->host);
}

static hf_row row_of(const listing *l, const hf_preload_entry *entry, int64_t ends)
{
    hf_entry made = hf_entry_init();
    hf_row row;

    made.host = (hf_span){entry->name, strlen(entry->name)};
    made.observed = l->context->options.now;
    made.expires = ends;
    made.max_age = ends - made.observed;
    made.include_subdomains = entry->include_subdomains;
    hf_row_from_entry(&made, &row);
    return row;
}

static bool add_names(const listing *l, stores_writer *writer, int64_t ends, base_error *error)
{
    for (size_t i = 0; i < l->names->count; i++) {
        hf_row row = row_of(l, &l->names->entries[i], ends);

        if (!stores_merge_holds(&l->there, identity_of(l, &row)) && !stores_writer_add(writer, &row, error))
            return false;
    }
    return true;
}

static bool read_there(listing *l, base_error *error)
{
    stores_reader reader = {&l->context->options, collect, NULL, NULL, l};
    struct stat status;

    if (l->target->format != NULL && lstat(l->target->path, &status) != 0 && errno == ENOENT)
        return true;
    return stores_store_read(l->target, &reader, error) && !l->failed;
}

bool stores_put_listed(const stores_store *target, const stores_context *context, const preload_names *names,
                       int64_t ends, facts_store_outcome *outcome, base_error *error)
{
    listing l = {.target = target, .context = context, .names = names, .error = error};
    const stores_writer_options options = {.target = target, .context = context, .keep = keep, .self = &l};
    stores_writer *writer = NULL;
    bool done;

    *outcome = (facts_store_outcome){.added = 0};
    done = read_there(&l, error);
    if (done) {
        stores_merge_settle(&l.there, l.number, true);
        done = stores_writer_open(&options, outcome, &writer, error) && add_names(&l, writer, ends, error) &&
               stores_writer_commit(writer, error);
    }
    stores_writer_close(writer);
    stores_merge_done(&l.there);
    return done;
}
