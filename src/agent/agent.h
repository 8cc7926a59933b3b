/*
 * agent/agent.h: what a conforming browser does with one URL, step by step (RFC 6797 section 8): look-up, upgrade,
 * request, note, redirect, until it arrives, or meets the wall. Cookies are kept for as long as the visit lasts.
 */
#ifndef AGENT_AGENT_H
#define AGENT_AGENT_H

#include "agent/book.h"
#include "facts/visit.h"
#include "http/fetch.h"
#include "http/url.h"

/* How requests are made: a seam, so that the steps can be tested from literals. `done(done_self)` may be called from
 * within. */
typedef struct agent_transport {
    void (*exchange)(void *self, const http_request *request, base_arena *arena, facts_exchange *exchange,
                     void (*done)(void *self), void *done_self);
    void *self;
    /* Whether the DNS has an HTTPS record for the name; NULL: nobody can say. `found(found_self)` is called once,
     * perhaps from within. */
    void (*find_record)(void *self, const hf_host *host, void (*found)(void *self, bool has), void *found_self);
} agent_transport;

/* The wire of wires: http_fetch by this client, which is borrowed. */
agent_transport agent_transport_of(const http_client *client);

typedef struct agent_options {
    agent_transport wire;
    agent_book *book;
    int64_t now;
    size_t redirects_max; /* internal ones count; see browsers_redirects_max */
    facts_engine engine;  /* as whom; FACTS_ENGINE_ANY stops where one of the browsers stops */
    bool as_written;      /* an http URL of no known host is requested as it is, as other clients do: not https first */
} agent_options;

/*
 * Begins a visit of `url`, which was read into the arena of *visit. `done(self)` is called once it is over, perhaps
 * from within. Any number of visits may be under way at once. Free with facts_visit_done.
 */
void agent_go(const agent_options *options, const http_url *url, facts_visit *visit, void (*done)(void *self),
              void *self);

#endif
