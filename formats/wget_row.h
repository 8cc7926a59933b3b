/* The row that wget and wget2 share: host, port, includeSubDomains, time of observation, max-age, parted by blanks. */
#ifndef FORMATS_WGET_ROW_H
#define FORMATS_WGET_ROW_H

#include "text.h"

hf__line_kind hf__wget_parse(hf_span line, const hf_format_options *options, hf_row *row, hf_host *host,
                             const char **reason);
typedef struct hf__wget_form {
    char blank;    /* parts the fields */
    unsigned port; /* written where the row has none */
    int64_t least; /* the least max-age that its program takes for a policy */
} hf__wget_form;

size_t hf__wget_print(const hf_row *row, const hf_format_options *options, const hf__wget_form *form, char *out,
                      hf_losses *losses);

#define HF__WGET_LOST (HF_LOSS_NO_NAME | HF_LOSS_PARTITION | HF_LOSS_STATE)

#endif
