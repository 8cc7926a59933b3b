/*
 * browsers/upgrades.h: browsers ask https first where an http URL is given, and go back to http where that fails: not
 * by a policy, and no protection from who is in the way, for whoever blocks port 443 gets the request over plain HTTP.
 */
#ifndef BROWSERS_UPGRADES_H
#define BROWSERS_UPGRADES_H

#include "facts/page.h"
#include "holdfast/url.h"

#include <stdint.h>

/* What an HTTPS record in the DNS (RFC 9460 9.5) means to a browser. */
typedef enum browsers_record {
    BROWSERS_RECORD_IGNORED,
    BROWSERS_RECORD_WAITED_FOR, /* once it asks https, it waits for the answer as long as for any */
    BROWSERS_RECORD_OBEYED,     /* it asks https, whatever the name, and never goes back */
} browsers_record;

typedef struct browsers_upgrade {
    const char *since; /* the version from which on it does so by itself; NULL: of no browser alone */
    const char *source;
    int64_t patience;    /* milliseconds, of all that was asked https since the first time; 0: not known */
    bool suffixes;       /* also a public suffix of one label, such as com */
    bool addresses;      /* also IP addresses of the Internet */
    bool whole_way;      /* it goes back when what a redirect led to fails, too */
    bool error_statuses; /* it goes back at the statuses 400 to 599, but not at 500 */
    browsers_record record;
} browsers_upgrade;

/* Of the current version; of FACTS_ENGINE_ANY: what all do of which it was seen, and going back as the strictest. */
const browsers_upgrade *browsers_upgrade_of(facts_engine engine);

/* True if it asks https first for this http URL: port 80 of a name below a public suffix that is listed. `reachable`:
 * the host is an address, and one of the Internet. */
bool browsers_upgrades(const browsers_upgrade *upgrade, const hf_url *url, bool reachable);

/* True if the status leads it back to http. */
bool browsers_goes_back_at(const browsers_upgrade *upgrade, int status);

#endif
