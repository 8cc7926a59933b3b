/*
 * Forgetting, on the user's word: the file is written anew without what shall go.
 */
#include "store.h"

static hf_status forget_within(hf_store *store, const hf__filter *filter, size_t *gone, hf_store_error *error)
{
    hf_store_walk *walk;
    hf_entry entry = hf_entry_init();
    bool any = false;
    hf_status status = hf_store_walk_new(store, &walk);

    if (status != HF_OK)
        return hf__fail(error, status, 0, "%s", hf_status_text(status));
    while (!any && hf_store_walk_next(walk, &entry))
        any = filter->drops(filter->self, &entry);
    status = hf_store_walk_status(walk);
    hf_store_walk_free(walk);
    *gone = 0;
    if (status != HF_OK)
        return hf__fail_system(error, "read", store->path);
    return any ? hf__rewrite(store, filter, gone, error) : HF_OK;
}

static hf_status forget(hf_store *store, const hf__filter *filter, size_t *gone, hf_store_error *error)
{
    size_t count = 0;

    if (store == NULL)
        return hf__fail(error, HF_E_ARGUMENT, 0, "%s", hf_status_text(HF_E_ARGUMENT));
    hf_status status = hf__write_begin(store, error);
    if (status != HF_OK)
        return status;
    status = forget_within(store, filter, &count, error);
    hf__write_end(store);
    if (status == HF_OK && gone != NULL)
        *gone = count;
    return status;
}

typedef struct one_host {
    const hf_host *host;
    hf_span partition;
} one_host;

static bool is_host(void *self, const hf_entry *entry)
{
    const one_host *one = self;

    return entry->host.length == one->host->length && entry->partition.length == one->partition.length &&
           memcmp(entry->host.data, one->host->name, entry->host.length) == 0 &&
           (entry->partition.length == 0 ||
            memcmp(entry->partition.data, one->partition.data, entry->partition.length) == 0);
}

hf_status hf_store_forget(hf_store *store, const hf_host *host, hf_span partition, size_t *gone, hf_store_error *error)
{
    if (host == NULL)
        return hf__fail(error, HF_E_ARGUMENT, 0, "%s", hf_status_text(HF_E_ARGUMENT));
    return forget(store, &(hf__filter){is_host, &(one_host){host, partition}}, gone, error);
}

static bool is_in_subtree(void *self, const hf_entry *entry)
{
    const hf_host *top = self;
    size_t length = entry->host.length;
    const char *name = entry->host.data;

    if (length < top->length || memcmp(name + length - top->length, top->name, top->length) != 0)
        return false;
    return length == top->length || name[length - top->length - 1] == '.';
}

hf_status hf_store_forget_subtree(hf_store *store, const hf_host *host, size_t *gone, hf_store_error *error)
{
    if (host == NULL || host->length == 0)
        return hf__fail(error, HF_E_ARGUMENT, 0, "%s", hf_status_text(HF_E_ARGUMENT));
    hf_host top = *host;
    return forget(store, &(hf__filter){is_in_subtree, &top}, gone, error);
}

typedef struct interval {
    int64_t from, to;
} interval;

static bool is_observed_in(void *self, const hf_entry *entry)
{
    const interval *times = self;

    return times->from <= entry->observed && entry->observed < times->to;
}

hf_status hf_store_forget_between(hf_store *store, int64_t from, int64_t to, size_t *gone, hf_store_error *error)
{
    return forget(store, &(hf__filter){is_observed_in, &(interval){from, to}}, gone, error);
}

static bool is_expired(void *self, const hf_entry *entry)
{
    return entry->expires < *(const int64_t *)self;
}

hf_status hf_store_forget_expired(hf_store *store, int64_t now, size_t *gone, hf_store_error *error)
{
    return forget(store, &(hf__filter){is_expired, &now}, gone, error);
}

static bool is_any(void *self, const hf_entry *entry)
{
    (void)self, (void)entry;
    return true;
}

hf_status hf_store_clear(hf_store *store, size_t *gone, hf_store_error *error)
{
    return forget(store, &(hf__filter){is_any, NULL}, gone, error);
}

hf_status hf_store_forget_if(hf_store *store, bool (*drops)(void *self, const hf_entry *entry), void *self,
                             size_t *gone, hf_store_error *error)
{
    if (drops == NULL)
        return hf__fail(error, HF_E_ARGUMENT, 0, "%s", hf_status_text(HF_E_ARGUMENT));
    return forget(store, &(hf__filter){drops, self}, gone, error);
}

hf_status hf_store_compact(hf_store *store, hf_store_error *error)
{
    if (store == NULL)
        return hf__fail(error, HF_E_ARGUMENT, 0, "%s", hf_status_text(HF_E_ARGUMENT));
    hf_status status = hf__write_begin(store, error);
    if (status != HF_OK)
        return status;
    status = hf__rewrite(store, NULL, NULL, error);
    hf__write_end(store);
    return status;
}
