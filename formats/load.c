/* A store of another program, read into a table of known hosts. */
#include "formats.h"
#include "row.h"

typedef struct loader {
    const hf_format *format;
    const hf_row_visitor *visitor;
    int64_t now;
    hf_hosts *hosts;
    size_t count;
    hf_status status;
} loader;

/* What the owning program would drop on reading. A max-age of 0 is never in force: wget writes such rows. */
static bool is_over(const hf_row *row, int64_t now)
{
    return row->state == HF_ROW_SET && (hf_row_is_expired(row, now) || row->max_age == 0);
}

/* Of two rows of one host the one noted later counts, or where that is not kept, the one that ends later. */
static bool supersedes(const hf_entry *entry, const hf_entry *there)
{
    if (entry->observed != HF_TIME_UNKNOWN && there->observed != HF_TIME_UNKNOWN)
        return entry->observed >= there->observed;
    return entry->expires >= there->expires;
}

static void put(loader *l, hf_entry *entry)
{
    hf_entry there = hf_entry_init();
    hf_host host;

    l->status = hf_host_parse(entry->host.data, entry->host.length, NULL, &host, NULL);
    if (l->status != HF_OK)
        return;
    if (hf_hosts_get(l->hosts, &host, entry->partition, &there)) {
        bool widens = l->format->widens && (there.include_subdomains || entry->include_subdomains);
        if (!supersedes(entry, &there)) {
            if (!widens || there.include_subdomains)
                return;
            entry->expires = there.expires;
        }
        entry->include_subdomains = entry->include_subdomains || widens;
    }
    l->status = hf_hosts_put(l->hosts, entry, l->now);
    l->count += l->status == HF_OK;
}

static void pass_on(void *self, const hf_row_damage *damage)
{
    const loader *l = self;

    if (l->visitor != NULL && l->visitor->damage != NULL)
        l->visitor->damage(l->visitor->self, damage);
}

static bool take(void *self, const hf_row *row)
{
    loader *l = self;
    hf_entry entry;

    if (row->partition.length > HF_PARTITION_MAX)
        pass_on(l, &(hf_row_damage){row->offset, row->line, hf_status_text(HF_E_PARTITION_TOO_LONG)});
    else if (!is_over(row, l->now) && hf_row_to_entry(row, &entry))
        put(l, &entry);
    bool on = l->visitor == NULL || l->visitor->row == NULL || l->visitor->row(l->visitor->self, row);
    return on && l->status == HF_OK;
}

hf_status hf_format_load(const hf_format *format, const hf_input *input, const hf_format_options *options, int64_t now,
                         const hf_row_visitor *visitor, hf_hosts *hosts, size_t *count)
{
    loader l = {.format = format, .visitor = visitor, .now = now, .hosts = hosts, .status = HF_OK};
    hf_row_visitor mine = {take, pass_on, &l};

    if (hosts == NULL)
        return HF_E_ARGUMENT;
    hf_status status = hf_format_read(format, input, options, &mine);
    if (status == HF_OK)
        status = l.status;
    if (status == HF_OK && count != NULL)
        *count = l.count;
    return status;
}
