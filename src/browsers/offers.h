/*
 * browsers/offers.h: what browsers offer in a TLS handshake, and what they and a server would agree on.
 */
#ifndef BROWSERS_OFFERS_H
#define BROWSERS_OFFERS_H

#include "facts/offers.h"

/* Names as in facts/offers.h. Lists end with NULL. */
typedef struct browsers_offer {
    facts_tls_version least, most;
    const char *const *suites; /* in the browser's order, those of TLS 1.3 first */
    const char *const *groups;
    const char *source; /* with the version that it holds for */
} browsers_offer;

/* NULL: not known. */
const browsers_offer *browsers_offer_of(facts_engine engine);

/*
 * The highest version that both have; its suite by the server's order, or by the browser's where the server goes by its
 * clients; the first group of the browser's that the server has, for that is the one whose share is sent.
 */
facts_choice browsers_choose(const facts_offers *server, facts_engine engine);

#endif
