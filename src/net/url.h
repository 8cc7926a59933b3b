/*
 * net/url.h: URLs as a browser keeps them: normalised, and resolved against the page that named them (WHATWG URL standard, the
 * part about http and https). RFC 3986 would leave spellings apart that browsers request alike.
 */
#ifndef NET_URL_H
#define NET_URL_H

#include "base/memory.h"
#include "holdfast/url.h"

#define NET_URL_MAX 65536 /* octets of a text that is read */

/* A URL that may be requested. All strings lie in the arena it was made in. */
typedef struct net_url {
    const char *text;     /* normalised, whole: "http://user@example.org:8080/a?b#c"; pure printable ASCII */
    const char *target;   /* what stands in the request: "/a?b" */
    const char *fragment; /* "#c"; empty: none */
    hf_url url;           /* `text` taken apart */
} net_url;

typedef enum net_url_result {
    NET_URL_GOOD,
    NET_URL_MALFORMED,    /* no browser opens it: *diag says why */
    NET_URL_OTHER_SCHEME, /* neither http nor https */
    NET_URL_UNREACHABLE,  /* well-formed, but its host can have no address (a..b), or its port is 0 */
} net_url_result;

/*
 * Reads `length` octets as the URL that a page at `base` names by them; `base` NULL: they must be a whole URL. User information is
 * taken over from the base by a path alone, never by a text that names a host. `diag` may be NULL; its offset is into the text
 * given when `base` is NULL.
 */
net_url_result net_url_read(const net_url *base, const char *text, size_t length, base_arena *arena, net_url *url,
                            hf_diag *diag);

/* The same with https for http, by hf_url_upgrade. */
void net_url_upgrade(const net_url *url, base_arena *arena, net_url *upgraded);

/* The same with another's fragment: what Fetch does when a Location has none of its own. */
void net_url_take_fragment(net_url *url, const char *fragment, base_arena *arena);

/* True if two normalised texts ask the same of the same host: they are equal but for the fragment. */
bool net_url_same_request(const char *a, const char *b);

#endif
