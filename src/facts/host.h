/*
 * facts/host.h: all that was seen of one host.
 */
#ifndef FACTS_HOST_H
#define FACTS_HOST_H

#include "facts/exchange.h"

#include "base/memory.h"
#include "holdfast/host.h"

typedef struct facts_host {
    hf_host host; /* what was asked for */
    int port;
    facts_exchange https;
    base_arena arena; /* what the rest points to */
} facts_host;

void facts_host_init(facts_host *facts, const hf_host *host, int port);
void facts_host_done(facts_host *facts);
void facts_host_json(const facts_host *facts, base_json *json);

#endif
