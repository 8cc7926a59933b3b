/* config/mend.h: what an HSTS header that breaks the rules was meant to say. Pure. */
#ifndef CONFIG_MEND_H
#define CONFIG_MEND_H

#include "base/memory.h"
#include "holdfast/status.h"

#include <stdbool.h>

/* U+2018 to U+201F, quotes as word processors write them: the octets that one takes at `at`; 0: there is none. */
size_t config_smart_quote(hf_span text, size_t at);

/*
 * The canonical value, in the arena; NULL unless every part of `value` leaves one reading only. Directives that are not
 * known are left out where the value is valid, for browsers ignore them; elsewhere nothing is sure then.
 */
const char *config_value_mend(hf_span value, bool valid, base_arena *arena);

#endif
