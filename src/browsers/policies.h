/*
 * browsers/policies.h: what browsers do with a policy where RFC 6797 leaves it open, or they do not follow it; and
 * how many redirects they follow.
 */
#ifndef BROWSERS_POLICIES_H
#define BROWSERS_POLICIES_H

#include "facts/page.h"

#include "holdfast/header.h"

#include <stddef.h>
#include <stdint.h>

/* Seconds for which the engine holds a policy at most; INT64_MAX: as long as it says. */
int64_t browsers_life_max(facts_engine engine);

/*
 * The value of an STS field as the engine reads it, max-age cut to the longest life that it grants. False: it ignores
 * the field. Pure.
 */
bool browsers_read_policy(facts_engine engine, const char *value, size_t length, hf_policy *policy);

/* A new expiry that lies less than so many seconds away from the one that is kept, with the same includeSubDomains, is
 * not taken. */
int64_t browsers_renewal_step(facts_engine engine);

/* Seconds for which a preloaded entry is enforced after the last list, or build, that holds it; 0: no list is known. */
int64_t browsers_list_life(facts_engine engine);

/* True if what was learned of a preloaded name takes the place of its entry, even once it is expired or max-age=0. */
bool browsers_learned_hides_list(facts_engine engine);

/* True if the engine takes localhost for a host like any other; RFC 6797 knows no exemption. */
bool browsers_enforce_localhost(facts_engine engine);

/* Redirects that the engine follows, internal ones included: it gives up at the next. Of Safari it is not known. */
size_t browsers_redirects_max(facts_engine engine);

#endif
