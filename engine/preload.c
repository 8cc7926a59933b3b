#include "holdfast/preload.h"

#include "sized.h"

bool hf_preload_is_stale(const hf_preload *preload, int64_t now)
{
    hf_preload ours;

    if (preload->size < sizeof ours) {
        hf__sized_read(&ours, sizeof ours, preload, preload->size);
        preload = &ours;
    }
    if (preload->life == HF_TIME_NEVER || preload->list_time == HF_TIME_UNKNOWN || now <= preload->list_time)
        return false;
    /* As unsigned numbers: the distance of two int64 may need 64 bits. */
    return (uint64_t)now - (uint64_t)preload->list_time > (uint64_t)preload->life;
}

static const hf_preload_entry *find(const hf_preload_table *table, const char *name)
{
    size_t low = 0, high = table->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(name, table->entries[middle].name);
        if (order == 0)
            return &table->entries[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

/* The name itself, whatever its flag, else the nearest ancestor whose entry covers its subdomains. */
static bool cover(const void *self, const hf_host *host, hf_preload_match *match)
{
    size_t offset = 0;

    for (;;) {
        const hf_preload_entry *entry = find(self, host->name + offset);
        if (entry != NULL && (offset == 0 || entry->include_subdomains)) {
            *match = (hf_preload_match){offset, entry->include_subdomains};
            return true;
        }
        const char *dot = strchr(host->name + offset, '.');
        if (dot == NULL)
            return false;
        offset = (size_t)(dot + 1 - host->name);
    }
}

hf_status hf_preload_from_table(const hf_preload_table *table, const char *source, int64_t list_time, int64_t life,
                                hf_preload *preload)
{
    if (table == NULL || preload == NULL || preload->size == 0 || life < 0)
        return HF_E_ARGUMENT;
    for (size_t i = 1; i < table->count; i++) {
        if (strcmp(table->entries[i - 1].name, table->entries[i].name) >= 0)
            return HF_E_ARGUMENT;
    }
    hf_preload made = {
        .cover = cover,
        .self = table,
        .source = source,
        .list_time = list_time,
        .life = life,
    };
    hf__sized_write(preload, preload->size, &made, sizeof made);
    return HF_OK;
}
