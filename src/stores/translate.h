/*
 * stores/translate.h: what a row of one program's store means to another program.
 *
 * Firefox keeps a host under the site of the page. Under the host's own site that is the plain policy of everybody
 * else; under another site it counts for what that site's pages load, and for no visit.
 */
#ifndef STORES_TRANSLATE_H
#define STORES_TRANSLATE_H

#include "holdfast/formats.h"

/* From the weakest to the strongest: a weaker row never displaces a stronger one of the same host. */
typedef enum stores_standing {
    STORES_PINS,        /* no HSTS at all */
    STORES_NO_POLICY,   /* expired, unset, negative, a knock-out */
    STORES_SOME_VISITS, /* of one port, or below one site's pages */
    STORES_POLICY,
} stores_standing;

stores_standing stores_standing_of(const hf_row *row, const hf_format_options *options);

/* True if the row's partition is what today's Firefox gives a visit of the host, or gave it before. */
bool stores_is_of_own_site(const hf_row *row, const hf_format_options *options);

/*
 * The row as the store of this format (NULL: our own) is to have it: a partition that means a plain visit goes, and
 * Firefox's codec writes today's.
 */
hf_row stores_translate(const hf_row *row, const hf_format *target, const hf_format_options *options);

/* True if the program of this format (NULL: Holdfast) obeys no policy of the host, whatever its store says. */
bool stores_is_exempt(const hf_row *row, const hf_format *target);

#endif
