/*
 * http/cookies.h: the cookies of one visit (RFC 6265), kept in memory until it is over: a site that redirects until its
 * cookie comes back opens in every browser.
 */
#ifndef HTTP_COOKIES_H
#define HTTP_COOKIES_H

#include "base/memory.h"
#include "http/url.h"

#include "facts/response.h"

#define HTTP_COOKIES_MAX 64         /* kept at once; further ones are ignored */
#define HTTP_COOKIE_MAX 4096        /* octets of a name and its value, as in browsers */
#define HTTP_COOKIE_FIELD_MAX 16384 /* octets of a Cookie field: what would make it longer is left out */

typedef struct http_cookie {
    const char *name, *value, *path;
    const char *domain;
    bool host_only, secure;
} http_cookie;

/* All zero: none. What it keeps lies in the arena given to http_cookies_take. */
typedef struct http_cookies {
    http_cookie items[HTTP_COOKIES_MAX];
    size_t count;
} http_cookies;

/* Takes over what the response to a request for `url` sets, changes or expires at `now`. */
void http_cookies_take(http_cookies *cookies, const http_url *url, const facts_response *response, int64_t now,
                       base_arena *arena);

/* The value of the Cookie field for a request for `url`; NULL: there are none for it. */
const char *http_cookies_for(const http_cookies *cookies, const http_url *url, base_arena *arena);

#endif
