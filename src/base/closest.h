/*
 * base/closest.h: "did you mean".
 */
#ifndef BASE_CLOSEST_H
#define BASE_CLOSEST_H

#include <stddef.h>

/*
 * Keeps the nearest of the words offered. Start with {.word = W}; offer each candidate; `found` is then the nearest, or
 * NULL if none is near enough to be a slip of the finger.
 */
typedef struct base_closest {
    const char *word;
    const char *found;
    size_t distance;
} base_closest;

void base_closest_offer(base_closest *closest, const char *candidate);

#endif
