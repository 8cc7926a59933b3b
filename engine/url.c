/*
 * Reading URLs, as far as HSTS needs them: RFC 6797 8.3; writing them is in url_write.c. The steps and their names are
 * those of the "basic URL parser" of the WHATWG URL standard for special schemes. It removes TAB, CR and LF before it
 * starts; here they are stepped over instead, so that offsets into the text stay true and nothing is allocated.
 */
#include "holdfast/url.h"

#include "ascii.h"
#include "host_text.h"
#include "unzeroed.h"
#include "url_text.h"

#define PORT_MAX 65535

typedef struct reader {
    const char *text;
    size_t at, end;
    hf_url *url;
    hf_diag problem;
} reader;

static hf_status fail(reader *r, hf_status status, size_t offset, size_t length)
{
    r->problem = (hf_diag){status, offset, length, hf_status_text(status)};
    return status;
}

/* C0 controls and blanks at both ends do not count. */
static void trim(reader *r)
{
    while (r->at < r->end && (unsigned char)r->text[r->at] <= ' ')
        r->at++;
    r->end = hf__url_end(r->text, r->at, r->end);
}

static hf_scheme scheme_of(const char *name, size_t length)
{
    static const hf_scheme known[] = {HF_SCHEME_HTTP, HF_SCHEME_HTTPS, HF_SCHEME_WS, HF_SCHEME_WSS};

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (hf__equals_folded(name, length, hf_scheme_name(known[i])))
            return known[i];
    }
    return HF_SCHEME_OTHER;
}

/* Reads "http:" and the like. False if there is no scheme, or one that does not concern us. */
static bool read_scheme(reader *r)
{
    char name[sizeof "https" - 1];
    size_t length = 0, start = r->at;

    for (; r->at < r->end && r->text[r->at] != ':'; r->at++) {
        if (hf__url_is_skipped(r->text[r->at]))
            continue;
        if (length == sizeof name)
            return false;
        name[length++] = r->text[r->at];
    }
    r->url->scheme = scheme_of(name, length);
    if (r->at == r->end || r->url->scheme == HF_SCHEME_OTHER)
        return false;
    r->url->scheme_at = start;
    r->url->scheme_end = r->at++;
    return true;
}

/* Where the parts of the authority stand. */
typedef struct authority {
    size_t host; /* behind the last '@': http://a@b@host/ goes to host */
    size_t port; /* the ':' in front of it, or `end`; colons in brackets belong to an IPv6 address */
    size_t end;  /* the first slash, '?' or '#' */
    bool bracketed, has_port;
} authority;

/* Takes one octet in. False at the end of the authority. */
static inline bool take_octet(authority *a, char octet)
{
    switch (octet) {
    case '/':
    case '\\':
    case '?':
    case '#':
        return false;
    case '@':
        *a = (authority){.host = a->end + 1};
        a->end = a->host - 1;
        break;
    case '[':
        a->bracketed = true;
        break;
    case ']':
        a->bracketed = false;
        break;
    case ':':
        if (!a->bracketed && !a->has_port) {
            a->has_port = true;
            a->port = a->end;
        }
        break;
    default:
        break;
    }
    a->end++;
    return true;
}

static authority find_parts(const reader *r)
{
    authority a = {.host = r->at, .end = r->at};

    while (a.end < r->end && take_octet(&a, r->text[a.end]))
        ;
    if (!a.has_port)
        a.port = a.end;
    return a;
}

/* In a URL an IPv6 address stands in brackets that are written as such: an escaped bracket or colon makes no address.
 */
static bool hides_ipv6(bool bracketed, const char *text, size_t length)
{
    return !bracketed && (memchr(text, ':', length) != NULL || memchr(text, '[', length) != NULL);
}

/* What hf__url_decode_host could not decode. Between brackets nothing is escaped: "[::%31]" is no address. */
static hf_status check_decoded(reader *r, const hf__url_host *decoded, size_t end)
{
    if (decoded->status == HF_E_HOST_ESCAPE)
        return fail(r, HF_E_HOST_ESCAPE, decoded->bad_at, 1);
    if (decoded->status != HF_OK)
        return fail(r, decoded->status, r->at, end - r->at);
    /* [RFC6797 8.3-2] "If the substring is null, then there is no match with any Known HSTS Host." */
    if (decoded->length == 0)
        return fail(r, HF_E_URL_NO_HOST, r->at, end - r->at);
    if (decoded->bracketed && decoded->escaped)
        return fail(r, HF_E_HOST_IPV6, r->at, end - r->at);
    if (hides_ipv6(decoded->bracketed, decoded->text, decoded->length))
        return fail(r, HF_E_HOST_CHARACTER, r->at, end - r->at);
    return HF_OK;
}

static hf_status read_host(reader *r, size_t end, const hf_idna *idna)
{
    HF__UNZEROED hf__url_host decoded;
    hf_diag diag;
    hf_status status;

    r->url->host_at = r->at;
    r->url->host_length = end - r->at;
    hf__url_decode_host(r->text, r->at, end, &decoded);
    status = check_decoded(r, &decoded, end);
    if (status != HF_OK)
        return status;
    status = hf__host_read(decoded.text, decoded.length, idna, &r->url->host, &r->url->root_dot, &diag);
    if (status == HF_OK)
        return HF_OK;
    /* The place inside the host is exact only where decoding has moved nothing. */
    if (decoded.length == end - r->at)
        return fail(r, status, r->at + diag.offset, diag.length);
    return fail(r, status, r->at, end - r->at);
}

static int default_port(hf_scheme scheme)
{
    return scheme == HF_SCHEME_HTTP || scheme == HF_SCHEME_WS ? 80 : 443;
}

static hf_status read_port(reader *r, size_t end)
{
    int port = 0;
    bool digits = false;

    r->url->port = default_port(r->url->scheme);
    r->url->port_at = r->at;
    r->url->port_length = end - r->at;
    for (size_t i = r->at + 1; i < end; i++) {
        if (hf__url_is_skipped(r->text[i]))
            continue;
        if (!hf__is_digit((unsigned char)r->text[i]))
            return fail(r, HF_E_URL_PORT, i, 1);
        port = port * 10 + (r->text[i] - '0');
        if (port > PORT_MAX)
            return fail(r, HF_E_URL_PORT, r->at + 1, end - r->at - 1);
        digits = true;
    }
    if (digits)
        r->url->port = port;
    return HF_OK;
}

static hf_status read_authority(reader *r, const hf_idna *idna)
{
    authority parts;
    hf_status status;

    while (r->at < r->end && (hf__url_is_slash(r->text[r->at]) || hf__url_is_skipped(r->text[r->at])))
        r->at++;
    parts = find_parts(r);
    if (parts.host > r->at) {
        r->url->userinfo_at = r->at;
        r->url->userinfo_length = parts.host - 1 - r->at;
        r->at = parts.host;
    }
    status = read_host(r, parts.port, idna);
    if (status != HF_OK)
        return status;
    r->at = parts.port;
    r->url->rest_at = parts.end;
    return read_port(r, parts.end);
}

hf_status hf_url_parse(const char *text, size_t length, const hf_idna *idna, hf_url *url, hf_diag *diag)
{
    hf_url result = {.scheme = HF_SCHEME_OTHER, .idna = idna};
    reader r = {.text = text, .end = length, .url = &result};
    hf_status status = HF_OK;

    if ((text == NULL && length > 0) || url == NULL)
        return HF_E_ARGUMENT;
    trim(&r);
    if (read_scheme(&r))
        status = read_authority(&r, idna);
    else
        result.scheme = HF_SCHEME_OTHER;
    if (status == HF_OK)
        *url = result;
    else if (diag != NULL)
        *diag = r.problem;
    return status;
}

const char *hf_scheme_name(hf_scheme scheme)
{
    switch (scheme) {
    case HF_SCHEME_HTTP:
        return "http";
    case HF_SCHEME_HTTPS:
        return "https";
    case HF_SCHEME_WS:
        return "ws";
    case HF_SCHEME_WSS:
        return "wss";
    case HF_SCHEME_OTHER:
        break;
    }
    return "other";
}
