#if defined(_WIN32)
#define _CRT_RAND_S /* declares rand_s */
#endif

#include "seed.h"

#if defined(__linux__)
#include <sys/random.h>

uint64_t hf__seed(void)
{
    uint64_t seed;

    return getrandom(&seed, sizeof seed, 0) == (long)sizeof seed ? seed : 0;
}
#elif defined(_WIN32)
#include <stdlib.h>

uint64_t hf__seed(void)
{
    unsigned int low, high;

    return rand_s(&low) == 0 && rand_s(&high) == 0 ? (uint64_t)high << 32 | low : 0;
}
#else
uint64_t hf__seed(void)
{
    return 0;
}
#endif
