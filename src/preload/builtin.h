/*
 * preload/builtin.h: the top-level domains that every browser's list holds. A registry may decide so for all its names;
 * such a domain has not left the lists since, so they are known without any list, and for ever.
 */
#ifndef PRELOAD_BUILTIN_H
#define PRELOAD_BUILTIN_H

#include "holdfast/preload.h"

#define PRELOAD_BUILTIN_COUNT 51

/* Lives as long as the program. */
hf_preload preload_builtin(void);

#endif
