/*
 * base/idna.h: the engine's IDNA hook over libidn2: UTS 46, non-transitional, without the STD3 and hyphen rules, as browsers do.
 * Text is UTF-8 whatever the locale. Thread rule: pure; call from any thread.
 */
#ifndef BASE_IDNA_H
#define BASE_IDNA_H

#include "holdfast/host.h"

/* Lives as long as the program. */
const hf_idna *base_idna(void);

/* The other way: a canonical name in Unicode, UTF-8. False if it has no such form that leads back to it, or `capacity` is too small. */
bool base_idna_to_unicode(hf_span name, char *out, size_t capacity, size_t *length);

#endif
