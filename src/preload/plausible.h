/*
 * preload/plausible.h: can a list that came be the browser's next one? It takes the place of a list that protects, so
 * what was cut short or put in its place by somebody must not pass for an update.
 */
#ifndef PRELOAD_PLAUSIBLE_H
#define PRELOAD_PLAUSIBLE_H

#include "base/options.h"
#include "preload/file.h"
#include "preload/names.h"

/*
 * Canaries: names that every list of that browser has. False with the reason: one of them is not among `names`.
 * `given` are those of the user, in the place of the built-in ones of `which`; the single word "none" stands for no
 * canary. `is_its_own`: the list comes from the browser's own server or from Debian; only there the built-in ones
 * count.
 */
bool preload_has_canaries(const preload_names *names, preload_which which, bool is_its_own, const base_texts *given,
                          base_error *error);

/*
 * The overlap: more than two thirds of the names of the image at `path` are on the new list too. A list that enforces
 * no more at `now` is not compared, nor is what cannot be read: with these nothing is lost. False with the reason.
 */
bool preload_overlaps(const preload_names *names, const char *path, int64_t now, base_error *error);

#endif
