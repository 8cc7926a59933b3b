/*
 * The one thing that the engine asks of the system beyond memory: a number that nobody can guess.
 */
#ifndef HF_ENGINE_SEED_H
#define HF_ENGINE_SEED_H

#include <stdint.h>

/* 0 where the system has none to give: then the caller of hf_hosts_new must. */
uint64_t hf__seed(void);

#endif
