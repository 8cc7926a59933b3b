/*
 * base/idna.h: the engine's IDNA hook over ICU: UTS 46 as the WHATWG URL standard asks and browsers do
 * (docs/decisions/0003). Text is UTF-8 whatever the locale. Thread rule: pure; call from any thread.
 */
#ifndef BASE_IDNA_H
#define BASE_IDNA_H

#include "holdfast/host.h"

/* Lives as long as the program. */
const hf_idna *base_idna(void);

/* The other way: a canonical name in Unicode, UTF-8. False if it has no such form that leads back to it, or `capacity`
 * is too small. */
bool base_idna_to_unicode(hf_span name, char *out, size_t capacity, size_t *length);

#endif
