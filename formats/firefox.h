/* The key and the value of a row, which both of Firefox's stores share: host[^suffix][:HSTS] and
 * milliseconds,state,subdomains. */
#ifndef FORMATS_FIREFOX_H
#define FORMATS_FIREFOX_H

#include "row.h"

#define HF__FIREFOX_KEY_MAX 256
#define HF__FIREFOX_VALUE_MAX 24

/* The reason when it is none; NULL: it is one. The partition points into the key. */
const char *hf__firefox_key(hf_span key, const hf_format_options *options, hf_row *row, hf_host *host);
const char *hf__firefox_value(hf_span value, hf_row *row);

/*
 * The key without ":HSTS". A row without a partition gets the one of its site, for Firefox looks nowhere else. 0: it
 * does not fit.
 */
size_t hf__firefox_print_key(const hf_row *row, const hf_format_options *options, char out[HF__FIREFOX_KEY_MAX + 1]);
size_t hf__firefox_print_value(const hf_row *row, char out[HF__FIREFOX_VALUE_MAX + 1], hf_losses *losses);

/* The score and the day to write: the row's own, or those of a row used once, now. */
typedef struct hf__use {
    uint16_t score, day;
} hf__use;

hf__use hf__firefox_use(const hf_row *row, int64_t now);

#define HF__FIREFOX_LOST (HF_LOSS_NO_NAME | HF_LOSS_PORT | HF_LOSS_OBSERVED | HF_LOSS_MAX_AGE)

#endif
