/*
 * Near misses: names that look like a directive of the STS field and are not spelled like one. A user agent ignores them without
 * a word, which is how sites believe for years to be protected.
 */
#ifndef HF_ENGINE_NEAR_MISS_H
#define HF_ENGINE_NEAR_MISS_H

#include <stdbool.h>
#include <stddef.h>

/* True for text like "max_age", "include SubDomains" or "includeSubDomain": near a known directive, but not one. */
bool hf__near_miss(const char *text, size_t length);

#endif
