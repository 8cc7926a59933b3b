/* What the codecs share about rows. */
#ifndef FORMATS_ROW_H
#define FORMATS_ROW_H

#include "number.h"

hf_row hf__row(void); /* one about which nothing is known */

/* The name of a row in canonical form; the reason when it is none. NULL: it is one. */
const char *hf__row_host(hf_span text, const hf_format_options *options, hf_host *host);

/* The port as a store spells it, folded: 80 and 443 are no port of their own. False beyond 65535. */
bool hf__row_port(int64_t spelled, uint16_t *port);

/* When the row ends in whole seconds, at most `latest`; what that costs is added to *losses. */
int64_t hf__row_expires(const hf_row *row, int64_t latest, hf_losses *losses);

/* For formats that keep observation and max-age: two numbers whose sum is when the row ends, at most `latest`; none
 * negative. */
typedef struct hf__term {
    int64_t observed, max_age;
} hf__term;

hf__term hf__row_term(const hf_row *row, int64_t now, int64_t latest, hf_losses *losses);

/* What of the row a format loses for which `always` is never kept. Whether the row can be written at all is in it too.
 */
hf_losses hf__row_losses(const hf_row *row, hf_losses always);

/* The options that were given, or those that know nothing. */
const hf_format_options *hf__options(const hf_format_options *options);

#endif
