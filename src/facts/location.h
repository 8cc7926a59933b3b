/*
 * facts/location.h: where a response sends a browser (RFC 9110 15.4, and Fetch where browsers agree on more).
 */
#ifndef FACTS_LOCATION_H
#define FACTS_LOCATION_H

#include "facts/exchange.h"

typedef enum facts_location {
    FACTS_STAY,   /* no redirect, or one that says nowhere to */
    FACTS_FOLLOW, /* *location is set */
} facts_location;

/* True if the response is a redirect whose Locations are all empty: browsers disagree about it. */
bool facts_location_is_empty(const facts_response *response);

facts_location facts_location_of(const facts_response *response, const hf_span **location);

#endif
