#include "row.h"

#define NANOSECONDS_KNOWN(moment) ((moment).seconds != HF_TIME_NEVER && (moment).nanoseconds != 0)

const char *hf_row_state_name(hf_row_state state)
{
    static const char *const names[] = {
#define HF_X(symbol, name) name,
        HF_ROW_STATE_MAP(HF_X)
#undef HF_X
    };

    return (size_t)state < sizeof names / sizeof names[0] ? names[state] : "?";
}

const char *hf_loss_name(hf_loss loss)
{
    switch (loss) {
#define HF_X(symbol, bit, name, text)                                                                                  \
    case HF_LOSS_##symbol:                                                                                             \
        return name;
        HF_LOSS_MAP(HF_X)
#undef HF_X
    }
    return "?";
}

const char *hf_loss_text(hf_loss loss)
{
    switch (loss) {
#define HF_X(symbol, bit, name, text)                                                                                  \
    case HF_LOSS_##symbol:                                                                                             \
        return text;
        HF_LOSS_MAP(HF_X)
#undef HF_X
    }
    return "?";
}

hf_row hf__row(void)
{
    hf_row row = hf_row_init();

    row.observed.seconds = row.max_age = HF_TIME_UNKNOWN;
    row.expires.seconds = HF_TIME_NEVER;
    row.offset = HF_OFFSET_NONE;
    return row;
}

bool hf_row_is_expired(const hf_row *row, int64_t now)
{
    return row->expires.seconds != HF_TIME_NEVER && row->expires.seconds < now;
}

bool hf_row_to_entry(const hf_row *row, hf_entry *entry)
{
    hf_host host;

    if (row->host.length == 0 || row->state == HF_ROW_HPKP)
        return false;
    if (hf_host_parse(row->host.data, row->host.length, NULL, &host, NULL) != HF_OK || host.kind != HF_HOST_NAME)
        return false;
    *entry = hf_entry_init();
    entry->host = row->host;
    entry->partition = row->partition;
    entry->max_age = row->max_age;
    entry->observed = row->observed.seconds;
    entry->expires = row->expires.seconds;
    entry->source = HF_SOURCE_IMPORT;
    entry->state = (hf_state)row->state;
    entry->include_subdomains = row->include_subdomains;
    return true;
}

void hf_row_from_entry(const hf_entry *entry, hf_row *row)
{
    *row = hf__row();
    row->host = entry->host;
    row->partition = entry->partition;
    row->max_age = entry->max_age;
    row->observed.seconds = entry->observed;
    row->expires.seconds = entry->expires;
    row->state = (hf_row_state)entry->state;
    row->include_subdomains = entry->include_subdomains;
}

/* A '%' is no escape here: programs take names from their stores as they stand. */
const char *hf__row_host(hf_span text, const hf_format_options *options, hf_host *host)
{
    if (text.length > 0 && memchr(text.data, '%', text.length) != NULL)
        return hf_status_text(HF_E_HOST_CHARACTER);
    hf_status status = hf_host_parse(text.data, text.length, options->idna, host, NULL);
    return status == HF_OK ? NULL : hf_status_text(status);
}

bool hf__row_port(int64_t spelled, uint16_t *port)
{
    if (spelled < 0 || spelled > UINT16_MAX)
        return false;
    *port = spelled == 80 || spelled == 443 ? 0 : (uint16_t)spelled;
    return true;
}

int64_t hf__row_expires(const hf_row *row, int64_t latest, hf_losses *losses)
{
    if (row->expires.seconds > latest) {
        *losses |= HF_LOSS_EXPIRES;
        return latest;
    }
    if (NANOSECONDS_KNOWN(row->expires))
        *losses |= HF_LOSS_FRACTION;
    return row->expires.seconds > 0 ? row->expires.seconds : 0;
}

/* Where an observation is not known but the length of the term is, the one follows from the other. */
hf__term hf__row_term(const hf_row *row, int64_t now, int64_t latest, hf_losses *losses)
{
    int64_t expires = hf__row_expires(row, latest, losses);
    int64_t observed = row->observed.seconds;

    if (observed == HF_TIME_UNKNOWN && row->max_age >= 0 && row->max_age <= expires) {
        observed = expires - row->max_age;
    } else if (observed == HF_TIME_UNKNOWN) {
        observed = now;
        *losses |= HF_LOSS_OBSERVED_INVENTED;
    } else if (NANOSECONDS_KNOWN(row->observed)) {
        *losses |= HF_LOSS_FRACTION;
    }
    if (observed > expires)
        observed = expires;
    if (observed < 0)
        observed = 0;
    return (hf__term){observed, expires - observed};
}

hf_losses hf__row_losses(const hf_row *row, hf_losses always)
{
    hf_losses there = 0;

    there |= row->host.length > 0 ? HF_LOSS_NAME : HF_LOSS_NO_NAME;
    there |= row->port != 0 ? HF_LOSS_PORT : 0;
    there |= row->observed.seconds != HF_TIME_UNKNOWN ? HF_LOSS_OBSERVED : 0;
    there |= row->max_age != HF_TIME_UNKNOWN ? HF_LOSS_MAX_AGE : 0;
    there |= row->partition.length > 0 ? HF_LOSS_PARTITION : 0;
    there |= row->state != HF_ROW_SET ? HF_LOSS_STATE : 0;
    return there & always;
}

const hf_format_options *hf__options(const hf_format_options *options)
{
    static const hf_format_options none = {.size = sizeof none};

    return options != NULL ? options : &none;
}
