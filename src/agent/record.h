/*
 * agent/record.h: the wire of a visit over what was seen already. A request is known by its URL, its cookies, the
 * address that is asked and the versions of HTTP that it offers; what was not seen is asked of another wire and kept
 * with the rest, or, without one, fails as not asked.
 */
#ifndef AGENT_RECORD_H
#define AGENT_RECORD_H

#include "agent/agent.h"

#include "facts/site.h"

#define AGENT_RECORD_NAMES_MAX 16

/* Whether the DNS has an HTTPS record for a name that is none of the site's. */
typedef struct agent_named {
    hf_host host;
    bool has;
} agent_named;

typedef struct agent_record {
    facts_site *site;
    facts_way way;               /* what was seen on it comes first */
    const agent_transport *wire; /* for what was not seen; NULL: nothing is asked */
    int64_t deadline;            /* of what is asked, as in http_request */
    const char *address;         /* the only address of `host` that is asked; NULL: any */
    const char *host;
    agent_named named[AGENT_RECORD_NAMES_MAX]; /* those that were asked for */
    size_t named_count;
} agent_record;

/* The record is borrowed until the visit is over. */
agent_transport agent_transport_of_record(agent_record *record);

#endif
