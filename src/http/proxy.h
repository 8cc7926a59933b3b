/*
 * http/proxy.h: which HTTP proxy stands between this machine and a host, as curl decides it: --proxy, the environment,
 * and the names that are reached without one.
 */
#ifndef HTTP_PROXY_H
#define HTTP_PROXY_H

#include "base/error.h"

#include <stdbool.h>

#define HTTP_PROXY_PORT 1080 /* where a proxy without a port is, as in curl */

typedef struct http_proxy {
    char *host; /* an IPv6 address without brackets */
    int port;
    char *name;          /* "http://proxy.example:3128", without the password, for people */
    char *authorization; /* the value of Proxy-Authorization; NULL: none */
} http_proxy;

/* The proxies of a program. All zero: none. */
typedef struct http_proxies {
    http_proxy *http, *https; /* for either scheme; NULL: none */
    char *exceptions;         /* as in no_proxy; NULL: none */
} http_proxies;

/*
 * `given`: the value of --proxy, which counts for both schemes; empty: no proxy at all; NULL: what the environment
 * says. That is http_proxy (in lower case alone, for a CGI program's client sets HTTP_PROXY by a header field),
 * https_proxy or HTTPS_PROXY, then all_proxy or ALL_PROXY. no_proxy or NO_PROXY holds for both sources. False, with the
 * reason: a proxy that is not understood.
 */
bool http_proxies_init(http_proxies *proxies, const char *given, base_error *error);
void http_proxies_done(http_proxies *proxies);

/* The proxy for a request; NULL: none. `proxies` may be NULL. */
const http_proxy *http_proxy_for(const http_proxies *proxies, const char *host, bool secure);

/* True if `host` is among the exceptions: names, with all below them; addresses; blocks of them ("10.0.0.0/8"); or "*".
 */
bool http_proxy_excepts(const char *exceptions, const char *host);

#endif
