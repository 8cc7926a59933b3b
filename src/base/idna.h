/*
 * base/idna.h: the engine's IDNA hook over libidn2: UTS 46, non-transitional, without the STD3 and hyphen rules, as browsers do.
 * Text is UTF-8 whatever the locale. Thread rule: pure; call from any thread.
 */
#ifndef BASE_IDNA_H
#define BASE_IDNA_H

#include "holdfast/host.h"

/* Lives as long as the program. */
const hf_idna *base_idna(void);

#endif
