/*
 * holdfast/url.h: a URL taken apart just far enough to decide about it, and rewritten as RFC 6797 section 8.3 asks.
 *
 * Reading follows the WHATWG URL standard, for that is what browsers request: `HTTP:\\Example.COM:080\` names the same resource as
 * `http://example.com/`. A reader that is stricter than the client which sends the request would leave a known host unprotected.
 * Writing keeps everything byte for byte but the scheme and an explicit port 80.
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
    hf_host host;
} hf_url;

/*
 * Takes `length` octets apart. As in browsers: blanks and controls at both ends and TAB, CR and LF anywhere are passed over,
 * '\' reads as '/', any number of slashes may follow the colon, escapes in the host are decoded.
 * Fails for an http, https, ws or wss URL that no browser would open: HF_E_URL_* or HF_E_HOST_*, with the place in *diag (may be
 * NULL). Any other text is no failure but HF_SCHEME_OTHER. `idna` may be NULL, see host.h.
 */
HF_API HF_MUST_USE hf_status hf_url_parse(const char *text, size_t length, const hf_idna *idna, hf_url *url,
                                          hf_diag *diag);

/*
 * Writes the secure form of a parsed URL (RFC 6797 8.3): http becomes https, ws becomes wss; an explicit port 80 is dropped, for
 * 443 is what https means by itself; other ports stay. `text` is what `url` was parsed from. Secure and other schemes are
 * copied as they are. The new scheme is in lower case. A NUL is written behind; *out_length is without it. `length` + 2 octets
 * are always enough.
 * HF_E_BUFFER: `capacity` is too small.
 * This is the rewriting alone. Whether it is called for, hf_decide_url (decide.h) says.
 */
HF_API HF_MUST_USE hf_status hf_url_upgrade(const hf_url *url, const char *text, size_t length, char *out,
                                            size_t capacity, size_t *out_length);

/* "http", "https", "ws", "wss", or "other". */
HF_API const char *hf_scheme_name(hf_scheme scheme);

#ifdef __cplusplus
}
#endif
#endif
