/*
 * browsers/policies.h: what browsers do with a policy where RFC 6797 leaves it open, or they do not follow it.
 */
#ifndef BROWSERS_POLICIES_H
#define BROWSERS_POLICIES_H

#include "facts/page.h"

#include <stdint.h>

/* Seconds for which the engine holds a policy at most; INT64_MAX: as long as it says. */
int64_t browsers_life_max(facts_engine engine);

/* True if the engine takes localhost for a host like any other; RFC 6797 knows no exemption. */
bool browsers_enforce_localhost(facts_engine engine);

#endif
