/*
 * holdfast/url.h: a URL taken apart just far enough to decide about it, and rewritten as RFC 6797 section 8.3 asks.
 *
 * Reading follows the WHATWG URL standard, which is how browsers read: `HTTP:\\Example.COM:080\` names the same
 * resource as `http://example.com/`. A reader that is stricter than the client which sends the request would leave a
 * known host unprotected.
 *
 * Request the URL that hf_url_upgrade or hf_url_write wrote, and never the text that was parsed. Other readers find
 * other hosts in some texts (curl reads `http://other.test\@example.com/` as example.com, browsers read other.test), so
 * a verdict about the text may be a verdict about another host than the one that your client connects to. What is
 * written here every reader reads alike.
 *
 * Nothing here allocates. Thread rule: pure; call from any thread.
 */
#ifndef HOLDFAST_URL_H
#define HOLDFAST_URL_H

#include "holdfast/host.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum hf_scheme {
    HF_SCHEME_OTHER, /* none at all, or one that HSTS does not concern; the URL is not read any further */
    HF_SCHEME_HTTP,
    HF_SCHEME_HTTPS,
    HF_SCHEME_WS,
    HF_SCHEME_WSS,
} hf_scheme;

/* A URL taken apart. Offsets are octets into the text that was parsed; they are 0 for HF_SCHEME_OTHER. */
typedef struct hf_url {
    hf_scheme scheme;
    size_t scheme_at;                    /* its first letter */
    size_t scheme_end;                   /* the ':' behind it */
    size_t userinfo_at, userinfo_length; /* without the '@'; length 0: none */
    size_t host_at, host_length;         /* as written, brackets and escapes included */
    size_t port_at, port_length;         /* with the ':' in front; length 0: no port, not even an empty one */
    int port;                            /* the port that a connection would use: explicit, or the scheme's own */
    size_t rest_at;                      /* path, query and fragment: from here to the end */
    bool root_dot;                       /* the name ends in a dot: "example.com.", which `host` is without */
    const hf_idna *idna;                 /* the hook it was parsed with; asked again when a HF_HOST_OTHER is written */
    hf_host host;
} hf_url;

/*
 * Takes `length` octets apart. As in browsers: blanks and controls at both ends and TAB, CR and LF anywhere are passed
 * over,
 * '\' reads as '/', any number of slashes may follow the colon, escapes in the host are decoded.
 * Fails for an http, https, ws or wss URL that no browser would open: HF_E_URL_* or HF_E_HOST_*, with the place in
 * *diag (may be NULL). Any other text is no failure but HF_SCHEME_OTHER. `idna` may be NULL, see host.h.
 */
HF_API HF_MUST_USE hf_status hf_url_parse(const char *text, size_t length, const hf_idna *idna, hf_url *url,
                                          hf_diag *diag);

/* This many octets are always enough for what is written for a text of `length` octets, with its NUL. */
#define HF_URL_WRITTEN_MAX(length) (3 * (size_t)(length) + HF_HOST_TEXT_MAX + 16)

/*
 * Writes the secure form of a parsed URL (RFC 6797 8.3): http becomes https, ws becomes wss; an explicit port 80 is
 * dropped, because 443 is what https means by itself; other ports stay. Secure and other schemes stay too. `text` is
 * what `url` was parsed from.
 *
 * The result is one line that every reader takes for the same host:
 * - scheme, two slashes, user, host and port are written anew: the host canonical (A-labels, lower case, no escapes, an
 * address as in host.h) with its dot at the end, the port in decimal, an empty port or password without its colon;
 * - in the user's name and password what could end them is percent-encoded, and so is what is outside ASCII;
 * - a backslash in the path becomes a slash, as in browsers;
 * - blanks and controls at both ends, and TAB, CR and LF anywhere, are left out; other blanks and controls are
 * percent-encoded. Path, query and fragment stay byte for byte otherwise, and so does a text of another scheme.
 *
 * A NUL is written behind; *out_length is without it. HF_E_BUFFER: `capacity` is too small. HF_E_HOST_IDNA: the hook
 * gave a name to hf_url_parse and refuses now. This is the rewriting alone. hf_decide_url (decide.h) says whether it is
 * called for.
 */
HF_API HF_MUST_USE hf_status hf_url_upgrade(const hf_url *url, const char *text, size_t length, char *out,
                                            size_t capacity, size_t *out_length);

/* The same for a URL that is not to be upgraded: its scheme and an explicit port 80 stay. */
HF_API HF_MUST_USE hf_status hf_url_write(const hf_url *url, const char *text, size_t length, char *out,
                                          size_t capacity, size_t *out_length);

/* "http", "https", "ws", "wss", or "other". */
HF_API const char *hf_scheme_name(hf_scheme scheme);

#ifdef __cplusplus
}
#endif
#endif
