/*
 * base/unzeroed.h: a release build zeroes variables on the stack (-ftrivial-auto-var-init). BASE_UNZEROED leaves out a
 * large one that is always written before it is read, where zeroing it would show in what a probe costs.
 */
#ifndef BASE_UNZEROED_H
#define BASE_UNZEROED_H

#if defined(__has_attribute)
#if __has_attribute(uninitialized)
#define BASE_UNZEROED __attribute__((uninitialized))
#endif
#endif
#ifndef BASE_UNZEROED
#define BASE_UNZEROED
#endif

#endif
