/*
 * facts/exchange.h: what was seen on the way to one response. Plain values, no judgement: rules draw conclusions from them, and
 * tests write them down as literals. Strings are borrowed, from the arena of the host they belong to or from a constant.
 */
#ifndef FACTS_EXCHANGE_H
#define FACTS_EXCHANGE_H

#include "facts/failure.h"
#include "facts/response.h"
#include "facts/tls.h"

/* One try to connect. */
typedef struct facts_attempt {
    const char *address;
    int port;
    const facts_failure *failure; /* NULL: connected */
} facts_attempt;

typedef struct facts_exchange {
    bool secure;                  /* https */
    const char *proxy;            /* "http://proxy.example:3128"; NULL: none */
    const facts_failure *failure; /* NULL: a response head came */
    const char *const *addresses;
    size_t address_count;
    const facts_attempt *attempts;
    size_t attempt_count;
    facts_tls tls;
    const facts_response *response;                                /* NULL: none */
    int64_t resolve_ms, connect_ms, proxy_ms, tls_ms, response_ms; /* -1: not reached */
} facts_exchange;

void facts_exchange_json(const facts_exchange *exchange, base_json *json);

#endif
