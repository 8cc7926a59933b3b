#ifndef HF_STORE_RANDOM_H
#define HF_STORE_RANDOM_H

#include <stdbool.h>
#include <stddef.h>

/* Fills `out` with numbers that nobody can guess. False with errno. */
bool hf__random(void *out, size_t size);

#endif
