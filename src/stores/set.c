#include "stores/set.h"

#include "stores/merge.h"
#include "stores/own.h"
#include "stores/writer.h"

typedef struct adding {
    const stores_store *target;
    const stores_context *context;
    uint64_t identity;
} adding;

static bool is_other(void *self, const hf_row *row)
{
    const adding *a = self;

    return stores_identity(row, a->target->format, &a->context->options) != a->identity;
}

/* What a policy of max-age seconds is from now on; it never ends when the sum is beyond 63 bits. */
static hf_row row_of(const hf_host *host, const hf_policy *policy, int64_t now)
{
    hf_entry entry = hf_entry_init();
    hf_row row;

    entry.host = (hf_span){host->name, host->length};
    entry.max_age = policy->max_age;
    entry.observed = now;
    entry.expires = policy->max_age > INT64_MAX - 1 - now ? HF_TIME_NEVER : now + policy->max_age;
    entry.include_subdomains = policy->include_subdomains;
    hf_row_from_entry(&entry, &row);
    return row;
}

/* Said by hand, it replaces whatever was noted, and is kept as such. */
static bool put_own(const stores_store *target, const hf_row *row, base_error *error)
{
    hf_store_error problem = hf_store_error_init();
    hf_entry entry;
    stores_own own;

    if (!stores_own_open(&own, target, &(stores_own_options){.read_only = false}, error))
        return false;
    hf_status status = hf_row_to_entry(row, &entry) ? HF_OK : HF_E_ARGUMENT;
    entry.source = HF_SOURCE_USER;
    if (status == HF_OK)
        status = hf_store_put(own.store, &entry, row->observed.seconds, &problem);
    if (status != HF_OK)
        base_error_set(error, "%s", problem.text);
    stores_own_close(&own);
    return status == HF_OK;
}

static bool put_foreign(adding *a, const hf_row *row, bool dry_run, facts_store_outcome *outcome, base_error *error)
{
    const stores_writer_options target = {
        .target = a->target, .context = a->context, .keep = is_other, .self = a, .dry_run = dry_run};
    stores_writer *writer = NULL;
    bool done;

    a->identity = stores_identity(row, a->target->format, &a->context->options);
    done = stores_writer_open(&target, outcome, &writer, error) && stores_writer_add(writer, row, error) &&
           stores_writer_commit(writer, error);
    stores_writer_close(writer);
    return done;
}

bool stores_set(const stores_store *target, const stores_context *context, const hf_host *host, const hf_policy *policy,
                bool dry_run, facts_store_outcome *outcome, base_error *error)
{
    adding a = {.target = target, .context = context};
    hf_row row = row_of(host, policy, context->options.now);

    *outcome = (facts_store_outcome){.store = {target->kind, target->path}, .added = 1, .dry_run = dry_run};
    if (target->format != NULL)
        return put_foreign(&a, &row, dry_run, outcome, error);
    return dry_run || put_own(target, &row, error);
}
