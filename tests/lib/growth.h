/* How much memory a test program has taken at most, and whether that says anything: under valgrind and the sanitizers
   it does not. */
#ifndef TESTS_GROWTH_H
#define TESTS_GROWTH_H

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static inline long growth_peak_kib(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

static inline bool growth_counts(void)
{
#ifdef __SANITIZE_ADDRESS__
    return false;
#else
    const char *loaded = getenv("LD_PRELOAD");

    return loaded == NULL || strstr(loaded, "vgpreload") == NULL;
#endif
}

#endif
