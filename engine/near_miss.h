/*
 * Near misses: names that look like a directive of the STS field and are not spelled like one. A user agent ignores
 * them without a word, which is how sites believe for years to be protected.
 */
#ifndef HF_ENGINE_NEAR_MISS_H
#define HF_ENGINE_NEAR_MISS_H

#include <stddef.h>

/* The known directive that `text` is near, by its right name: "include SubDomains", "includeSubDomain". NULL: none. */
const char *hf__near_miss(const char *text, size_t length);

#endif
