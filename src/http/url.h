/*
 * http/url.h: URLs as a browser keeps them: normalised, and resolved against the page that named them (WHATWG URL
 * standard, the part about http and https). RFC 3986 would leave spellings apart that browsers request alike.
 */
#ifndef HTTP_URL_H
#define HTTP_URL_H

#include "base/error.h"
#include "base/memory.h"
#include "holdfast/url.h"

#define HTTP_URL_MAX 262144 /* octets of a text that is read */

/* A URL that may be requested. All strings lie in the arena it was made in. */
typedef struct http_url {
    const char *text;     /* normalised, whole: "http://user@example.org:8080/a?b#c"; pure printable ASCII */
    const char *target;   /* what stands in the request: "/a?b" */
    const char *fragment; /* "#c"; empty: none */
    hf_url url;           /* `text` taken apart */
} http_url;

typedef enum http_url_result {
    HTTP_URL_GOOD,
    HTTP_URL_MALFORMED,    /* no browser opens it: *diag says why */
    HTTP_URL_OTHER_SCHEME, /* neither http nor https */
    HTTP_URL_UNREACHABLE, /* well-formed, but its host can have no address (a..b), or its port is 0: *diag says which */
} http_url_result;

/*
 * Reads `length` octets as the URL that a page at `base` names by them; `base` NULL: they must be a whole URL. User
 * information is taken over from the base by a path alone, never by a text that names a host. `diag` may be NULL; its
 * offset is into the text given when `base` is NULL.
 */
http_url_result http_url_read(const http_url *base, const char *text, size_t length, base_arena *arena, http_url *url,
                              hf_diag *diag);

/* Reads what somebody names as a whole URL, to be looked at: without user information, which would not be sent. False,
 * with the reason and the octet. */
bool http_url_read_named(const char *text, size_t length, base_arena *arena, http_url *url, base_error *error);

/* True if the text begins with http:// or https://. */
bool http_url_is_named(const char *text, size_t length);

/*
 * The URL of `target` on a host: no text is read. `host` is a name or an address, `port` not 0, and `target` a path
 * with its query in normal form, as http_url.target is.
 */
void http_url_make(hf_scheme scheme, const hf_host *host, int port, const char *target, base_arena *arena,
                   http_url *url);

/* The same with https for http, by hf_url_upgrade. */
void http_url_upgrade(const http_url *url, base_arena *arena, http_url *upgraded);

/* The same with another's fragment: what Fetch does when a Location has none of its own. */
void http_url_take_fragment(http_url *url, const char *fragment, base_arena *arena);

/* True if two normalised texts ask the same of the same host: they are equal but for the fragment. */
bool http_url_same_request(const char *a, const char *b);

#endif
