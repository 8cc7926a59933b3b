/*
 * XXH64 with seed 0, as described in the xxHash specification: a checksum against accidents, fast enough to read a
 * whole preload image when it is opened. It keeps nobody from making a false image.
 */
#ifndef HF_ENGINE_XXH64_H
#define HF_ENGINE_XXH64_H

#include <stddef.h>
#include <stdint.h>

uint64_t hf__xxh64(const uint8_t *bytes, size_t length);

#endif
