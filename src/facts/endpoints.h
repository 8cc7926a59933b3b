/*
 * facts/endpoints.h: what each address of a name answers, over HTTPS and over plain HTTP, for a client that asks for
 * the name; and what is shown to one that names nobody.
 */
#ifndef FACTS_ENDPOINTS_H
#define FACTS_ENDPOINTS_H

#include "facts/exchange.h"
#include "facts/verdict.h"

/* One address. Certificates that are the same octet by octet are the same in memory. */
typedef struct facts_endpoint {
    const char *address;
    int port;
    const char *to; /* the URL to which the answer redirects; NULL: none that could be requested */
    facts_exchange exchange;
} facts_endpoint;

/* The addresses of one name, by one way in. */
typedef struct facts_endpoints {
    const char *name;             /* NULL: not looked at */
    const char *proxy;            /* it stands before the host, so that no address can be chosen; NULL: none */
    const facts_failure *failure; /* the name has no address; NULL: it has */
    const char *const *addresses; /* all that it has, in order */
    size_t address_count;
    facts_endpoint *items; /* one for each; none if there is only one address, which the ways in have seen */
    size_t count;
} facts_endpoints;

/* What is shown to a client without SNI. */
typedef struct facts_default_host {
    bool looked;
    facts_exchange exchange; /* its TLS alone tells something: errors of the name are meant for the host asked for */
} facts_default_host;

/* One for each facts_way: an array of names over HTTPS, one over plain HTTP, and the certificates of them all. */
void facts_endpoints_json(const facts_endpoints *endpoints, base_json *json);
void facts_default_host_json(const facts_default_host *host, base_json *json);

#endif
