/*
 * base/idna.h: the engine's IDNA hook over ICU: UTS 46 as the WHATWG URL standard asks and browsers do (docs/decisions/0003).
 * Text is UTF-8 whatever the locale. Thread rule: pure; call from any thread.
 */
#ifndef BASE_IDNA_H
#define BASE_IDNA_H

#include "holdfast/host.h"

/* Lives as long as the program. */
const hf_idna *base_idna(void);

#endif
