/*
 * URLs, as far as HSTS needs them: RFC 6797 8.3. The steps and their names are those of the "basic URL parser" of the WHATWG URL
 * standard for special schemes. It removes TAB, CR and LF before it starts; here they are stepped over instead, so that offsets
 * into the text stay true and nothing is allocated.
 */
#include "holdfast/url.h"

#include "ascii.h"

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

static bool is_skipped(char c)
{
    return c == '\t' || c == '\n' || c == '\r';
}

static bool is_slash(char c)
{
    return c == '/' || c == '\\';
}

/* C0 controls and blanks at both ends do not count. */
static void trim(reader *r)
{
    while (r->at < r->end && (unsigned char)r->text[r->at] <= ' ')
        r->at++;
    while (r->end > r->at && (unsigned char)r->text[r->end - 1] <= ' ')
        r->end--;
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
        if (is_skipped(r->text[r->at]))
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

/* The authority ends at the first slash, '?' or '#'. */
static size_t authority_end(const reader *r)
{
    size_t i = r->at;
    while (i < r->end && !is_slash(r->text[i]) && r->text[i] != '?' && r->text[i] != '#')
        i++;
    return i;
}

/* Everything up to the last '@' is user information: http://a@b@host/ goes to host. */
static void read_userinfo(reader *r, size_t end)
{
    size_t i = end;
    while (i > r->at && r->text[i - 1] != '@')
        i--;
    if (i == r->at)
        return;
    r->url->userinfo_at = r->at;
    r->url->userinfo_length = i - 1 - r->at;
    r->at = i;
}

/* Where the port's ':' stands, or `end`. Colons in brackets belong to an IPv6 address. */
static size_t find_port(const reader *r, size_t end)
{
    bool bracketed = false;
    size_t i = r->at;

    for (; i < end; i++) {
        if (r->text[i] == '[')
            bracketed = true;
        else if (r->text[i] == ']')
            bracketed = false;
        else if (r->text[i] == ':' && !bracketed)
            break;
    }
    return i;
}

/* The next octet that counts at or behind *at, with *at moved behind it; -1 at the end. */
static int next_octet(const reader *r, size_t *at, size_t end)
{
    while (*at < end && is_skipped(r->text[*at]))
        ++*at;
    return *at < end ? (unsigned char)r->text[(*at)++] : -1;
}

/* The octet of the two digits behind a '%', or -1. TAB, CR and LF may stand among them too. */
static int decode_escape(const reader *r, size_t *at, size_t end)
{
    int high = next_octet(r, at, end), low = next_octet(r, at, end);

    high = high < 0 ? -1 : hf__hex_digit((unsigned char)high);
    low = low < 0 ? -1 : hf__hex_digit((unsigned char)low);
    return high < 0 || low < 0 ? -1 : high << 4 | low;
}

/* Copies the host without TAB, CR and LF and with escapes undone, as the host parser wants it. */
static hf_status decode_host(reader *r, size_t end, char out[HF_HOST_TEXT_MAX], size_t *out_length)
{
    size_t length = 0, at = r->at;

    for (int octet; (octet = next_octet(r, &at, end)) >= 0;) {
        size_t start = at - 1;
        if (octet == '%')
            octet = decode_escape(r, &at, end);
        if (octet < 0)
            return fail(r, HF_E_HOST_ESCAPE, start, 1);
        if (length == HF_HOST_TEXT_MAX)
            return fail(r, HF_E_HOST_TEXT_TOO_LONG, r->at, end - r->at);
        out[length++] = (char)octet;
    }
    *out_length = length;
    return HF_OK;
}

/* In a URL an IPv6 address stands in brackets that are written as such: an escaped bracket or colon makes no address. */
static bool hides_ipv6(const reader *r, const char *text, size_t length)
{
    return r->text[r->at] != '[' && (memchr(text, ':', length) != NULL || memchr(text, '[', length) != NULL);
}

/*
 * Browsers open URLs whose host has an empty or overlong label, and only the resolver then fails. Such a name is no DNS name, can
 * be no Known HSTS Host, and is told apart from a URL that nobody would open.
 */
static bool is_no_dns_name(hf_status status)
{
    return status == HF_E_HOST_LABEL_EMPTY || status == HF_E_LABEL_TOO_LONG || status == HF_E_HOST_TOO_LONG;
}

static hf_status read_host(reader *r, size_t end, const hf_idna *idna)
{
    char text[HF_HOST_TEXT_MAX];
    size_t length;
    hf_diag diag;
    hf_status status = decode_host(r, end, text, &length);

    if (status != HF_OK)
        return status;
    r->url->host_at = r->at;
    r->url->host_length = end - r->at;
    /* [RFC6797 8.3-2] "If the substring is null, then there is no match with any Known HSTS Host." */
    if (length == 0)
        return fail(r, HF_E_URL_NO_HOST, r->at, end - r->at);
    if (hides_ipv6(r, text, length))
        return fail(r, HF_E_HOST_CHARACTER, r->at, end - r->at);
    status = hf_host_parse(text, length, idna, &r->url->host, &diag);
    if (is_no_dns_name(status)) {
        r->url->host = (hf_host){.kind = HF_HOST_OTHER};
        return HF_OK;
    }
    if (status == HF_OK)
        return HF_OK;
    /* The place inside the host is exact only where decoding has moved nothing. */
    if (length == end - r->at)
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
        if (is_skipped(r->text[i]))
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
    size_t end, colon;
    hf_status status;

    while (r->at < r->end && (is_slash(r->text[r->at]) || is_skipped(r->text[r->at])))
        r->at++;
    end = authority_end(r);
    read_userinfo(r, end);
    colon = find_port(r, end);
    status = read_host(r, colon, idna);
    if (status != HF_OK)
        return status;
    r->at = colon;
    r->url->rest_at = end;
    return read_port(r, end);
}

hf_status hf_url_parse(const char *text, size_t length, const hf_idna *idna, hf_url *url, hf_diag *diag)
{
    hf_url result = {.scheme = HF_SCHEME_OTHER};
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

/* -- Upgrade ------------------------------------------------------------------------------------------------------------------ */

/* Without `out` it only counts, so that a buffer too small is found before anything is written. */
typedef struct writer {
    char *out;
    size_t length;
} writer;

static void put(writer *w, const char *text, size_t length)
{
    if (w->out != NULL && length > 0)
        /* NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker): what was parsed from no text has no parts */
        memcpy(w->out + w->length, text, length);
    w->length += length;
}

static const char *secure_scheme(hf_scheme scheme)
{
    return scheme == HF_SCHEME_HTTP ? "https" : "wss";
}

/*
 * [RFC6797 8.3-6] "The UA MUST replace the URI scheme with "https" [RFC2818]", and
 * [RFC6797 8.3-7] "if the URI contains an explicit port component of "80", then the UA MUST convert the port component
 * to be "443"": the default port of https, which need not be written.
 * [RFC6797 8.3-8] "if the URI contains an explicit port component that is not equal to "80", the port component value
 * MUST be preserved".
 * [RFC6797 8.3-9] "if the URI does not contain an explicit port component, the UA MUST NOT add one."
 */
static void put_secure(writer *w, const hf_url *url, const char *text, size_t length)
{
    const char *scheme = secure_scheme(url->scheme);
    size_t after_port = url->port_at + url->port_length;
    bool explicit_80 = url->port == 80 && url->port_length > 1;

    put(w, text, url->scheme_at);
    put(w, scheme, strlen(scheme));
    put(w, text + url->scheme_end, (explicit_80 ? url->port_at : after_port) - url->scheme_end);
    put(w, text + after_port, length - after_port);
}

static void put_url(writer *w, const hf_url *url, const char *text, size_t length)
{
    if (url->scheme == HF_SCHEME_HTTP || url->scheme == HF_SCHEME_WS)
        put_secure(w, url, text, length);
    else
        put(w, text, length);
}

hf_status hf_url_upgrade(const hf_url *url, const char *text, size_t length, char *out, size_t capacity,
                         size_t *out_length)
{
    writer count = {.out = NULL}, w = {.out = out};

    if (url == NULL || (text == NULL && length > 0) || out == NULL || out_length == NULL || url->rest_at > length)
        return HF_E_ARGUMENT;
    put_url(&count, url, text, length);
    if (count.length >= capacity)
        return HF_E_BUFFER;
    put_url(&w, url, text, length);
    out[w.length] = '\0';
    *out_length = w.length;
    return HF_OK;
}
