/*
 * facts/exchange.h: what was seen on the way to one response. Plain values, no judgement: rules draw conclusions from
 * them, and tests write them down as literals. Strings are borrowed, from the arena of the host they belong to or from
 * a constant.
 */
#ifndef FACTS_EXCHANGE_H
#define FACTS_EXCHANGE_H

#include "facts/failure.h"
#include "facts/page.h"
#include "facts/response.h"
#include "facts/tls.h"

/* symbol, name: the method of a request. */
#define FACTS_METHOD_MAP(X)                                                                                            \
    X(GET, "GET")                                                                                                      \
    X(HEAD, "HEAD")

typedef enum facts_method {
#define FACTS_X(symbol, name) FACTS_METHOD_##symbol,
    FACTS_METHOD_MAP(FACTS_X)
#undef FACTS_X
} facts_method;

const char *facts_method_name(facts_method method);

/* One try to connect. */
typedef struct facts_attempt {
    const char *address;
    int port;
    const facts_failure *failure; /* NULL: connected */
} facts_attempt;

typedef struct facts_exchange {
    bool secure;                  /* https */
    const char *cookies;          /* what was sent in the Cookie field; NULL: nothing */
    const char *proxy;            /* "http://proxy.example:3128"; NULL: none */
    bool http2_unsuitable;        /* HTTP/2 was agreed on where browsers do not speak it */
    const facts_failure *failure; /* NULL: a response head came */
    const char *const *addresses;
    size_t address_count;
    const facts_attempt *attempts;
    size_t attempt_count;
    facts_tls tls;
    const facts_response *response;     /* NULL: none */
    const facts_response *refused;      /* the response that browsers throw away, for values in it differ; NULL: none */
    const facts_reading *firefox;       /* where Firefox reads the same octets otherwise; NULL: as all do */
    int64_t milliseconds[FACTS_PHASES]; /* spent in each facts_phase; -1: not reached */
} facts_exchange;

/* True if the request had these cookies in its Cookie field; NULL: none. */
bool facts_exchange_sent(const facts_exchange *exchange, const char *cookies);

/* True if the server did not serve who has no client certificate: by an alert, or by a status behind its request for
 * one.
 */
bool facts_exchange_wants_certificate(const facts_exchange *exchange);

/* What the engine makes of the response, or of its failure. All but Firefox read as Chromium does, of Safari nothing
 * else is known; FACTS_ENGINE_ANY: a failure of one of them comes first. */
facts_reading facts_exchange_reading(const facts_exchange *exchange, facts_engine engine);

void facts_exchange_json(const facts_exchange *exchange, base_json *json);

#endif
