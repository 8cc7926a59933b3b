/* Firefox's older SiteSecurityServiceState.txt: key TAB score TAB day of last use TAB value, at most 1,024 rows. */
#include "firefox.h"
#include "formats.h"
#include "text.h"

#include <stdio.h>

static bool short_number(hf_span line, size_t *at, uint16_t *number)
{
    hf_span field;
    int64_t value;

    if (!hf__field(line, '\t', at, &field) || !hf__digits(field, &value) || value > UINT16_MAX)
        return false;
    *number = (uint16_t)value;
    return true;
}

static hf__line_kind parse(hf_span line, const hf_format_options *options, hf_row *row, hf_host *host,
                           const char **reason)
{
    hf_span key, value;
    size_t at = 0;

    if (line.length == 0)
        return HF__LINE_OTHER;
    *reason = "not four fields parted by TABs: key, score, day of last use, value";
    if (!hf__field(line, '\t', &at, &key) || !short_number(line, &at, &row->score) ||
        !short_number(line, &at, &row->last_day) || !hf__field(line, '\t', &at, &value))
        return HF__LINE_DAMAGED;
    *reason = hf__firefox_key(key, options, row, host);
    if (*reason == NULL)
        *reason = hf__firefox_value(value, row);
    return *reason == NULL ? HF__LINE_ROW : HF__LINE_DAMAGED;
}

static size_t print(const hf_row *row, const hf_format_options *options, char *out, hf_losses *losses)
{
    char key[HF__FIREFOX_KEY_MAX + 1], value[HF__FIREFOX_VALUE_MAX + 1];
    size_t key_length = row->state != HF_ROW_HPKP ? hf__firefox_print_key(row, options, key) : 0;

    if (key_length == 0) {
        *losses |= row->state == HF_ROW_HPKP ? HF_LOSS_STATE : HF_LOSS_HOST;
        return 0;
    }
    hf__firefox_print_value(row, value, losses);
    hf__use use = hf__firefox_use(row, options->now);
    return (size_t)snprintf(out, HF__LINE_MAX, "%.*s:HSTS\t%u\t%u\t%s\n", (int)key_length, key, use.score, use.day,
                            value);
}

static const hf__text text = {"", NULL, false, parse, print};

const hf_format hf__format_firefox_txt = {
    .name = "firefox-txt",
    .description = "older Firefox's SiteSecurityServiceState.txt",
    .max_rows = 1024,
    .max_octets = HF__OCTETS_MAX,
    .writes = true,
    .always_lost = HF__FIREFOX_LOST,
    HF__TEXT_FUNCTIONS(&text),
};
