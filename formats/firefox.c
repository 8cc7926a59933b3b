#include "firefox.h"

#include "text.h"

#include <stdio.h>

#define DAY 86400

static bool cut_ending(hf_span *key, const char *ending)
{
    size_t length = strlen(ending);

    if (key->length < length || memcmp(key->data + key->length - length, ending, length) != 0)
        return false;
    key->length -= length;
    return true;
}

const char *hf__firefox_key(hf_span key, const hf_format_options *options, hf_row *row, hf_host *host)
{
    bool pins = cut_ending(&key, ":HPKP");

    if (!pins)
        cut_ending(&key, ":HSTS");
    const char *caret = key.length > 0 ? memchr(key.data, '^', key.length) : NULL;
    hf_span name = {key.data, caret != NULL ? (size_t)(caret - key.data) : key.length};
    if (caret != NULL)
        row->partition = (hf_span){caret, key.length - name.length};
    row->state = pins ? HF_ROW_HPKP : HF_ROW_SET;
    return hf__row_host(name, options, host);
}

static bool small_number(hf_span text, int64_t limit, int64_t *value)
{
    return hf__digits(text, value) && *value <= limit;
}

const char *hf__firefox_value(hf_span value, hf_row *row)
{
    static const hf_row_state states[] = {HF_ROW_UNSET, HF_ROW_SET, HF_ROW_KNOCKOUT, HF_ROW_NEGATIVE};
    hf_span field = {0};
    int64_t milliseconds, state, include_subdomains;
    size_t at = 0;

    if (!hf__field(value, ',', &at, &field) || !hf__digits(field, &milliseconds))
        return "the value does not begin with the expiry in milliseconds";
    if (!hf__field(value, ',', &at, &field) || !small_number(field, 3, &state))
        return "the state is not 0, 1, 2 or 3";
    if (!hf__field(value, ',', &at, &field) || !small_number(field, 1, &include_subdomains))
        return "includeSubDomains is not 0 or 1";
    row->expires = (hf_moment){milliseconds / 1000, (int32_t)(milliseconds % 1000) * 1000000};
    if (milliseconds == INT64_MAX)
        row->expires = (hf_moment){HF_TIME_NEVER, 0};
    row->include_subdomains = include_subdomains == 1;
    if (row->state != HF_ROW_HPKP)
        row->state = states[state];
    return NULL;
}

/* Firefox asks for each host under the site of the page, in the form that it gives to origin attributes. */
static int print_site(const hf_row *row, const hf_format_options *options, char *out, size_t capacity)
{
    hf_host site;

    if (row->partition.length > 0)
        return snprintf(out, capacity, "%.*s", (int)row->partition.length, row->partition.data);
    if (options->site == NULL || !options->site(options->self, row->host, &site))
        return 0;
    return snprintf(out, capacity, "^partitionKey=%%28https%%2C%s%%29", site.name);
}

size_t hf__firefox_print_key(const hf_row *row, const hf_format_options *options, char out[HF__FIREFOX_KEY_MAX + 1])
{
    bool suffixed = row->partition.length == 0 || row->partition.data[0] == '^';

    if (!suffixed || row->host.length > HF_HOST_MAX || row->partition.length > HF_PARTITION_MAX)
        return 0;
    memcpy(out, row->host.data, row->host.length);
    int length = print_site(row, options, out + row->host.length, HF__FIREFOX_KEY_MAX + 1 - row->host.length);
    size_t whole = row->host.length + (size_t)length;
    return length >= 0 && whole <= HF__FIREFOX_KEY_MAX ? whole : 0;
}

size_t hf__firefox_print_value(const hf_row *row, char out[HF__FIREFOX_VALUE_MAX + 1], hf_losses *losses)
{
    static const int numbers[] = {[HF_ROW_SET] = 1, [HF_ROW_UNSET] = 0, [HF_ROW_KNOCKOUT] = 2, [HF_ROW_NEGATIVE] = 3};
    int64_t expires = row->expires.seconds;
    int fraction = row->expires.nanoseconds;

    if (expires > HF__YEAR_9999_END * 1000) {
        expires = HF__YEAR_9999_END * 1000;
        fraction = 0;
        *losses |= HF_LOSS_EXPIRES;
    }
    if (expires < 0)
        expires = fraction = 0;
    if (fraction % 1000000 != 0)
        *losses |= HF_LOSS_FRACTION;
    int length = snprintf(out, HF__FIREFOX_VALUE_MAX + 1, "%lld,%d,%d", (long long)expires * 1000 + fraction / 1000000,
                          numbers[row->state], row->include_subdomains);
    return (size_t)length;
}

hf__use hf__firefox_use(const hf_row *row, int64_t now)
{
    int64_t today = now > 0 && now / DAY < UINT16_MAX ? now / DAY : 1;

    if (row->score != 0 && row->last_day != 0)
        return (hf__use){row->score, row->last_day};
    return (hf__use){1, (uint16_t)(today > 0 ? today : 1)};
}
