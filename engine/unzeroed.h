/*
 * A release build zeroes variables on the stack (-ftrivial-auto-var-init). HF__UNZEROED leaves out a large one that is
 * always written before it is read, where zeroing it would show in the time of a look-up.
 */
#ifndef HF_ENGINE_UNZEROED_H
#define HF_ENGINE_UNZEROED_H

#if defined(__has_attribute)
#if __has_attribute(uninitialized)
#define HF__UNZEROED __attribute__((uninitialized))
#endif
#endif
#ifndef HF__UNZEROED
#define HF__UNZEROED
#endif

#endif
