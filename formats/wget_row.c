#include "wget_row.h"

#include <stdio.h>

#define LATEST (INT64_C(1) << 61) /* wget2 takes 2^62 seconds for an overflow */

static bool take(hf_span line, size_t *at, int64_t *value)
{
    return hf__digits(hf__word(line, at), value);
}

hf__line_kind hf__wget_parse(hf_span line, const hf_format_options *options, hf_row *row, hf_host *host,
                             const char **reason)
{
    size_t at = 0;
    hf_span name = hf__word(line, &at);
    int64_t port, include_subdomains;

    if (name.length == 0 || name.data[0] == '#')
        return HF__LINE_OTHER;
    *reason = hf__row_host(name, options, host);
    if (*reason != NULL)
        return HF__LINE_DAMAGED;
    *reason = "not five fields: host, port, 0 or 1, time, max-age";
    if (!take(line, &at, &port) || !take(line, &at, &include_subdomains) || !take(line, &at, &row->observed.seconds) ||
        !take(line, &at, &row->max_age))
        return HF__LINE_DAMAGED;
    *reason = "the port is beyond 65535";
    if (!hf__row_port(port, &row->port))
        return HF__LINE_DAMAGED;
    row->include_subdomains = include_subdomains != 0;
    row->expires.seconds = hf__sum(row->observed.seconds, row->max_age);
    return HF__LINE_ROW;
}

/* The end stays what it is, unless that is the first second of all. */
static void stretch(hf__term *term, int64_t least, hf_losses *losses)
{
    if (term->max_age >= least)
        return;
    *losses |= term->observed < least ? HF_LOSS_EXPIRES : 0;
    term->observed -= term->observed < least ? term->observed : least;
    term->max_age = least;
}

size_t hf__wget_print(const hf_row *row, const hf_format_options *options, const hf__wget_form *form, char *out,
                      hf_losses *losses)
{
    hf__term term = hf__row_term(row, options->now, LATEST, losses);

    stretch(&term, form->least, losses);
    int length = snprintf(out, HF__LINE_MAX, "%.*s%c%u%c%d%c%lld%c%lld\n", (int)row->host.length, row->host.data,
                          form->blank, row->port != 0 ? row->port : form->port, form->blank, row->include_subdomains,
                          form->blank, (long long)term.observed, form->blank, (long long)term.max_age);

    return (size_t)length;
}
