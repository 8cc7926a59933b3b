/*
 * Writing URLs: RFC 6797 8.3, and what makes every reader find the same host. The sets of octets to escape are those of
 * the WHATWG URL standard where the octet could end the authority or leave the line; all others stay as they were.
 */
#include "holdfast/url.h"

#include "ascii.h"
#include "host_text.h"
#include "unzeroed.h"
#include "url_text.h"

/* Without `out` it only counts, so that a buffer too small is found before anything is written. */
typedef struct writer {
    char *out;
    size_t length;
} writer;

static inline void put(writer *w, const char *text, size_t length)
{
    if (w->out != NULL && length > 0)
        memcpy(w->out + w->length, text, length);
    w->length += length;
}

static inline void put_octet(writer *w, char octet)
{
    if (w->out != NULL)
        w->out[w->length] = octet;
    w->length++;
}

/* -- Octets that do not stay as they are --------------------------------------------------------------------------- */

typedef enum url_part {
    PART_USER, /* a user's name or password */
    PART_PATH,
    PART_REST, /* query and fragment; a text that is no URL of ours */
} url_part;

/* What ends a user's name for one reader or another: the userinfo percent-encode set, without controls and blanks. */
static bool ends_user(unsigned char c)
{
    return c >= 0x80 || memchr("\"#/:;<=>?@[\\]^`{|}", c, 19) != NULL;
}

static inline bool stays(unsigned char c, url_part part)
{
    if (c <= ' ' || c == 0x7f)
        return false;
    return part == PART_PATH ? c != '\\' : part == PART_REST || !ends_user(c);
}

static void put_changed(writer *w, unsigned char c, url_part part)
{
    static const char digits[] = "0123456789ABCDEF";

    if (hf__url_is_skipped((char)c))
        return;
    if (c == '\\' && part == PART_PATH) {
        put_octet(w, '/');
        return;
    }
    put_octet(w, '%');
    put_octet(w, digits[c >> 4]);
    put_octet(w, digits[c & 15]);
}

static inline void put_part(writer *w, const char *text, size_t length, url_part part)
{
    for (size_t i = 0, from; i < length; i++) {
        for (from = i; i < length && stays((unsigned char)text[i], part); i++)
            ;
        put(w, text + from, i - from);
        if (i < length)
            put_changed(w, (unsigned char)text[i], part);
    }
}

/* -- Authority ----------------------------------------------------------------------------------------------------- */

static bool is_empty(const char *text, size_t length)
{
    size_t i = 0;

    while (i < length && hf__url_is_skipped(text[i]))
        i++;
    return i == length;
}

/* No colon without a password, and nothing at all without either. */
static void put_userinfo(writer *w, const char *text, size_t length)
{
    const char *colon = memchr(text, ':', length);
    size_t user = colon != NULL ? (size_t)(colon - text) : length;
    bool has_password = colon != NULL && !is_empty(colon + 1, length - user - 1);

    if (is_empty(text, user) && !has_password)
        return;
    put_part(w, text, user, PART_USER);
    if (has_password) {
        put_octet(w, ':');
        put_part(w, colon + 1, length - user - 1, PART_USER);
    }
    put_octet(w, '@');
}

/* What is to be written. */
typedef struct source {
    const hf_url *url;
    hf_scheme scheme;
    const char *text;
    size_t end;
    hf_span host;
} source;

static void put_host(writer *w, const source *s)
{
    bool bracketed = s->url->host.kind == HF_HOST_IPV6;

    if (bracketed)
        put_octet(w, '[');
    put(w, s->host.data, s->host.length);
    if (bracketed)
        put_octet(w, ']');
    else if (s->url->root_dot)
        put_octet(w, '.');
}

static bool has_port(const hf_url *url, const char *text)
{
    return url->port_length > 1 && !is_empty(text + url->port_at + 1, url->port_length - 1);
}

static void put_port(writer *w, int port)
{
    char digits[8];
    size_t at = sizeof digits;

    do
        digits[--at] = (char)('0' + port % 10);
    while ((port /= 10) > 0);
    digits[--at] = ':';
    put(w, digits + at, sizeof digits - at);
}

/* -- The whole ----------------------------------------------------------------------------------------------------- */

static hf_scheme secured(hf_scheme scheme)
{
    return scheme == HF_SCHEME_HTTP ? HF_SCHEME_HTTPS : scheme == HF_SCHEME_WS ? HF_SCHEME_WSS : scheme;
}

/* From the path on. The first slash ends the authority for every reader, and a backslash only for some: so it becomes
 * one. */
static void put_rest(writer *w, const char *text, size_t length)
{
    size_t path = 0;

    while (path < length && text[path] != '?' && text[path] != '#')
        path++;
    put_part(w, text, path, PART_PATH);
    put_part(w, text + path, length - path, PART_REST);
}

/*
 * [RFC6797 8.3-6] "The UA MUST replace the URI scheme with "https" [RFC2818]", and
 * [RFC6797 8.3-7] "if the URI contains an explicit port component of "80", then the UA MUST convert the port component
 * to be "443"": the default port of https, which need not be written.
 * [RFC6797 8.3-8] "if the URI contains an explicit port component that is not equal to "80", the port component value
 * MUST be preserved".
 * [RFC6797 8.3-9] "if the URI does not contain an explicit port component, the UA MUST NOT add one."
 */
static void put_url(writer *w, const source *s)
{
    const hf_url *url = s->url;
    const char *name = hf_scheme_name(s->scheme);

    put(w, name, strlen(name));
    put(w, "://", 3);
    if (url->userinfo_length > 0)
        put_userinfo(w, s->text + url->userinfo_at, url->userinfo_length);
    put_host(w, s);
    if (has_port(url, s->text) && !(url->port == 80 && s->scheme != url->scheme))
        put_port(w, url->port);
    put_rest(w, s->text + url->rest_at, s->end - url->rest_at);
}

/* A text that is no http or ws URL keeps its octets, as far as they may stand in a line. */
static void put_text(writer *w, const source *s)
{
    size_t start = 0;

    while (start < s->end && (unsigned char)s->text[start] <= ' ')
        start++;
    put_part(w, s->text + start, s->end - start, PART_REST);
}

static void put_any(writer *w, const source *s)
{
    if (s->url->scheme == HF_SCHEME_OTHER)
        put_text(w, s);
    else
        put_url(w, s);
}

/* A host of kind HF_HOST_OTHER is not kept whole: it is made from the text again. False if the IDNA hook no longer
 * takes it. */
static bool set_other_host(source *s, char ascii[HF_HOST_TEXT_MAX])
{
    HF__UNZEROED hf__url_host decoded;

    hf__url_decode_host(s->text, s->url->host_at, s->url->host_at + s->url->host_length, &decoded);
    s->host.data = ascii;
    return decoded.status == HF_OK &&
           hf__host_to_ascii(decoded.text, decoded.length, s->url->idna, ascii, &s->host.length);
}

/* Without counting, if even the longest that could come of it fits. */
static bool fits(const source *s, size_t capacity)
{
    size_t user = s->url->userinfo_length > 0 ? 3 * s->url->userinfo_length + 1 : 0;
    size_t rest = 3 * (s->end - s->url->rest_at);
    writer count = {.out = NULL};

    if (sizeof "https://[]:65535" + user + s->host.length + rest <= capacity)
        return true;
    put_any(&count, s);
    return count.length < capacity;
}

static hf_status write_url(const source *s, char *out, size_t capacity, size_t *out_length)
{
    writer w = {.out = out};

    if (!fits(s, capacity))
        return HF_E_BUFFER;
    put_any(&w, s);
    out[w.length] = '\0';
    *out_length = w.length;
    return HF_OK;
}

static hf_status write_as(const hf_url *url, bool secure, const char *text, size_t length, char *out, size_t capacity,
                          size_t *out_length)
{
    HF__UNZEROED char ascii[HF_HOST_TEXT_MAX];
    source s;

    if (url == NULL || (text == NULL && length > 0) || out == NULL || out_length == NULL || url->rest_at > length)
        return HF_E_ARGUMENT;
    if (length > SIZE_MAX / 4)
        return HF_E_BUFFER;
    s = (source){
        .url = url,
        .scheme = secure ? secured(url->scheme) : url->scheme,
        .text = text != NULL ? text : "",
        .host = {url->host.name, url->host.length},
    };
    s.end = hf__url_end(s.text, url->rest_at, length);
    if (url->host.kind == HF_HOST_OTHER && !set_other_host(&s, ascii))
        return HF_E_HOST_IDNA;
    return write_url(&s, out, capacity, out_length);
}

hf_status hf_url_write(const hf_url *url, const char *text, size_t length, char *out, size_t capacity,
                       size_t *out_length)
{
    return write_as(url, false, text, length, out, capacity, out_length);
}

hf_status hf_url_upgrade(const hf_url *url, const char *text, size_t length, char *out, size_t capacity,
                         size_t *out_length)
{
    return write_as(url, true, text, length, out, capacity, out_length);
}
