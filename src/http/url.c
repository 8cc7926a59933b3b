#include "http/url.h"

#include "base/buffer.h"
#include "base/idna.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define PORT_TEXT 16
#define WRITTEN_MAX (8 * (size_t)HTTP_URL_MAX) /* an octet becomes at most three, and a base may stand in front */

/* -- Reading: to one absolute text --------------------------------------------------------------------------------- */

static bool is_slash(char c)
{
    return c == '/' || c == '\\';
}

/* Blanks and controls at both ends do not count, nor do TAB, CR and LF anywhere. */
static void clean(const char *text, size_t length, base_buffer *out)
{
    while (length > 0 && (unsigned char)*text <= ' ') {
        text++;
        length--;
    }
    while (length > 0 && (unsigned char)text[length - 1] <= ' ')
        length--;
    for (size_t i = 0; i < length; i++)
        if (text[i] != '\t' && text[i] != '\r' && text[i] != '\n')
            base_buffer_char(out, text[i]);
}

/* The octets of "http:", with the colon; 0 if the text begins with no scheme. */
static size_t scheme_length(const char *text)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    static const char others[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.";
    size_t length = strspn(text, others);

    return strspn(text, letters) > 0 && text[length] == ':' ? length + 1 : 0;
}

/* Appends the base up to, and without, what `text` replaces. */
static void put_base(const http_url *base, const char *text, base_buffer *out)
{
    const char *path = base->text + base->url.rest_at;
    size_t path_length = strcspn(path, "?#");

    base_buffer_append(out, base->text, base->url.rest_at);
    if (is_slash(text[0]))
        return;
    if (text[0] == '\0' || text[0] == '#') {
        base_buffer_append(out, path, strcspn(path, "#"));
        return;
    }
    if (text[0] != '?')
        while (path_length > 0 && path[path_length - 1] != '/')
            path_length--;
    base_buffer_append(out, path, path_length);
}

/* The absolute text that `text` (cleaned) stands for. */
static void make_absolute(const http_url *base, const char *text, base_buffer *out)
{
    size_t scheme = scheme_length(text);

    /* "http:a", named by a page that came over http, is a relative path ("special relative or authority state"). */
    if (base != NULL && scheme > 0 && scheme == base->url.scheme_end + 1 &&
        strncasecmp(text, base->text, scheme) == 0 && !(text[scheme] == '/' && text[scheme + 1] == '/')) {
        text += scheme;
        scheme = 0;
    }
    if (base == NULL || scheme > 0) {
        base_buffer_text(out, text);
    } else if (is_slash(text[0]) && is_slash(text[1])) {
        base_buffer_append(out, base->text, base->url.scheme_end + 1);
        base_buffer_text(out, text);
    } else {
        put_base(base, text, out);
        base_buffer_text(out, text);
    }
}

/* -- Writing: the normal form -------------------------------------------------------------------------------------- */

/* The printable ASCII that each part may not hold as it is; controls and what is beyond ASCII it may not either. */
#define USERINFO_ESCAPED " \"#<>?`{}/:;=@[\\]^|"
#define PATH_ESCAPED " \"#<>?^`{}"
#define QUERY_ESCAPED " \"#<>'"
#define FRAGMENT_ESCAPED " \"<>`"

static void put_escaped(const char *text, size_t length, const char *escaped, base_buffer *out)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char octet = (unsigned char)text[i];

        if (octet <= ' ' || octet >= 0x7f || strchr(escaped, octet) != NULL)
            base_buffer_appendf(out, "%%%02X", octet);
        else
            base_buffer_char(out, (char)octet);
    }
}

/* How many dots the segment is, "%2e" counting as one; 0 if there is anything else in it, or more than two. */
static int dots_of(const char *segment, size_t length)
{
    int dots = 0;

    while (length > 0) {
        size_t dot = *segment == '.' ? 1 : length >= 3 && strncasecmp(segment, "%2e", 3) == 0 ? 3 : 0;

        if (dot == 0 || dots == 2)
            return 0;
        dots++;
        segment += dot;
        length -= dot;
    }
    return dots;
}

static void drop_segment(base_buffer *out, size_t from)
{
    size_t length = out->length;

    while (length > from && out->data[length - 1] != '/')
        length--;
    if (length > from)
        length--;
    out->length = length;
    out->data[length] = '\0';
}

/* "/a/./b/../c" becomes "/a/c"; an empty path becomes "/". */
static void put_path(const char *path, size_t length, base_buffer *out)
{
    const char *end = path + length;
    size_t from = out->length;

    while (path < end) {
        const char *segment = is_slash(*path) ? path + 1 : path;
        int dots;

        for (path = segment; path < end && !is_slash(*path); path++)
            ;
        dots = dots_of(segment, (size_t)(path - segment));
        if (dots == 2)
            drop_segment(out, from);
        if (dots > 0 && path < end)
            continue;
        base_buffer_char(out, '/');
        if (dots == 0)
            put_escaped(segment, (size_t)(path - segment), PATH_ESCAPED, out);
    }
    if (out->length == from)
        base_buffer_char(out, '/');
}

static int default_port(const hf_url *url)
{
    return url->scheme == HF_SCHEME_HTTP ? 80 : 443;
}

static void put_userinfo(const char *text, const hf_url *url, base_buffer *out)
{
    const char *user = text + url->userinfo_at;
    const char *colon = memchr(user, ':', url->userinfo_length);
    size_t length = colon != NULL ? (size_t)(colon - user) : url->userinfo_length;

    if (url->userinfo_length == 0)
        return;
    put_escaped(user, length, USERINFO_ESCAPED, out);
    if (colon != NULL) {
        base_buffer_char(out, ':');
        put_escaped(colon + 1, url->userinfo_length - length - 1, USERINFO_ESCAPED, out);
    }
    base_buffer_char(out, '@');
}

static void put_authority(const char *text, const hf_url *url, base_buffer *out)
{
    bool bracketed = url->host.kind == HF_HOST_IPV6;

    base_buffer_appendf(out, "%s://", hf_scheme_name(url->scheme));
    put_userinfo(text, url, out);
    base_buffer_appendf(out, "%s%s%s", bracketed ? "[" : "", url->host.name,
                        bracketed       ? "]"
                        : url->root_dot ? "."
                                        : "");
    if (url->port != default_port(url))
        base_buffer_appendf(out, ":%d", url->port);
}

/* Takes the normal form apart again, for a base and for the upgrade. */
static void take_apart(const char *text, base_arena *arena, http_url *url)
{
    const char *rest, *fragment;

    url->text = text;
    if (hf_url_parse(text, strlen(text), NULL, &url->url, NULL) != HF_OK)
        return; /* not reached: it was written from a URL that was read */
    rest = text + url->url.rest_at;
    fragment = rest + strcspn(rest, "#");
    url->target = base_arena_copy(arena, rest, (size_t)(fragment - rest));
    url->fragment = fragment;
}

/* False if it would be too long. */
static bool normalise(const char *text, size_t end, const hf_url *parsed, base_arena *arena, http_url *url)
{
    const char *rest = text + parsed->rest_at;
    size_t length = end - parsed->rest_at, path = strcspn(rest, "?#"), query = path + strcspn(rest + path, "#");
    base_buffer out;
    bool fits;

    base_buffer_init(&out, WRITTEN_MAX);
    put_authority(text, parsed, &out);
    put_path(rest, path, &out);
    if (query > path) {
        base_buffer_char(&out, '?');
        put_escaped(rest + path + 1, query - path - 1, QUERY_ESCAPED, &out);
    }
    if (length > query) {
        base_buffer_char(&out, '#');
        put_escaped(rest + query + 1, length - query - 1, FRAGMENT_ESCAPED, &out);
    }
    fits = !out.failed;
    if (fits)
        take_apart(base_arena_string(arena, base_buffer_string(&out)), arena, url);
    base_buffer_done(&out);
    return fits;
}

/* -- The whole ----------------------------------------------------------------------------------------------------- */

static http_url_result judge(const hf_url *url)
{
    if (url->scheme != HF_SCHEME_HTTP && url->scheme != HF_SCHEME_HTTPS)
        return HTTP_URL_OTHER_SCHEME;
    return url->host.kind == HF_HOST_OTHER || url->port == 0 ? HTTP_URL_UNREACHABLE : HTTP_URL_GOOD;
}

/* Which octets of the text keep any connection from being made. */
static void explain(const char *text, const hf_url *url, hf_diag *diag)
{
    hf_host host;

    if (url->port == 0)
        *diag = (hf_diag){HF_E_URL_PORT, url->port_at, url->port_length, "nothing can listen on port 0"};
    else if (hf_host_parse(text + url->host_at, url->host_length, base_idna(), &host, diag) != HF_OK)
        diag->offset += url->host_at;
    else
        *diag = (hf_diag){HF_E_HOST_CHARACTER, url->host_at, url->host_length, "the host is not a DNS name"};
}

static http_url_result refuse(hf_diag *diag, hf_status status, size_t length, const char *text)
{
    if (diag != NULL)
        *diag = (hf_diag){status, 0, length, text};
    return HTTP_URL_MALFORMED;
}

http_url_result http_url_read(const http_url *base, const char *text, size_t length, base_arena *arena, http_url *url,
                              hf_diag *diag)
{
    http_url_result result = HTTP_URL_MALFORMED;
    const char *too_long = "the URL is too long";
    base_buffer cleaned, absolute;
    hf_url parsed;

    if (length > HTTP_URL_MAX)
        return refuse(diag, HF_E_BUFFER, length, too_long);
    /* A NUL is for a browser one octet among others in a path, and in a host it is an error. */
    if (memchr(text, '\0', length) != NULL)
        return refuse(diag, HF_E_HOST_CHARACTER, length, "the URL holds a NUL");
    if (base == NULL && hf_url_parse(text, length, base_idna(), &parsed, diag) != HF_OK)
        return HTTP_URL_MALFORMED;
    /* Said of the text as it was given, before blanks and controls are taken out. */
    if (base == NULL && diag != NULL && judge(&parsed) == HTTP_URL_UNREACHABLE) {
        explain(text, &parsed, diag);
        return HTTP_URL_UNREACHABLE;
    }
    base_buffer_init(&cleaned, HTTP_URL_MAX);
    base_buffer_init(&absolute, WRITTEN_MAX);
    clean(text, length, &cleaned);
    make_absolute(base, base_buffer_string(&cleaned), &absolute);
    if (absolute.failed)
        refuse(diag, HF_E_BUFFER, length, too_long);
    else if (hf_url_parse(base_buffer_string(&absolute), absolute.length, base_idna(), &parsed, diag) == HF_OK)
        result = judge(&parsed);
    if (result == HTTP_URL_UNREACHABLE && diag != NULL)
        explain(absolute.data, &parsed, diag);
    if (result == HTTP_URL_GOOD && !normalise(absolute.data, absolute.length, &parsed, arena, url))
        result = refuse(diag, HF_E_BUFFER, length, too_long);
    base_buffer_done(&cleaned);
    base_buffer_done(&absolute);
    return result;
}

bool http_url_is_named(const char *text, size_t length)
{
    return (length >= 7 && strncasecmp(text, "http://", 7) == 0) ||
           (length >= 8 && strncasecmp(text, "https://", 8) == 0);
}

/* A browser would pass over controls, and look at another host than the one that is read here. */
static bool has_control(const char *text, size_t length, hf_diag *diag)
{
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)text[i] < ' ' || text[i] == 0x7f) {
            refuse(diag, HF_E_HOST_CHARACTER, i, "a control character");
            return true;
        }
    return false;
}

bool http_url_read_named(const char *text, size_t length, base_arena *arena, http_url *url, base_error *error)
{
    hf_diag diag = {0};
    char shown[BASE_CUT_MAX];

    if (has_control(text, length, &diag) || http_url_read(NULL, text, length, arena, url, &diag) != HTTP_URL_GOOD) {
        snprintf(shown, sizeof shown, "%.*s", (int)(length < sizeof shown ? length : sizeof shown), text);
        base_error_set(error, "'%s': %s, at octet %zu", BASE_CUT(shown), diag.text, diag.offset);
        return false;
    }
    if (url->url.userinfo_length > 0)
        base_error_set(error, "a URL with a user name in it: leave it out, for it is not sent");
    return url->url.userinfo_length == 0;
}

void http_url_make(hf_scheme scheme, const hf_host *host, int port, const char *target, base_arena *arena,
                   http_url *url)
{
    bool bracketed = host->kind == HF_HOST_IPV6;
    size_t name_length = strlen(hf_scheme_name(scheme)), host_at = name_length + 3;
    hf_url made = {.scheme = scheme, .scheme_end = name_length, .host_at = host_at, .port = port, .host = *host};
    const char *text;
    char port_text[PORT_TEXT] = "";

    if (port != default_port(&made))
        snprintf(port_text, sizeof port_text, ":%d", port);
    text = base_arena_format(arena, "%s://%s%s%s%s%s", hf_scheme_name(scheme), bracketed ? "[" : "", host->name,
                             bracketed ? "]" : "", port_text, target);

    made.host_length = host->length + (bracketed ? 2 : 0);
    made.port_at = host_at + made.host_length;
    made.rest_at = strlen(text) - strlen(target);
    made.port_length = made.rest_at - made.port_at;
    *url = (http_url){text, base_arena_string(arena, target), text + strlen(text), made};
}

void http_url_upgrade(const http_url *url, base_arena *arena, http_url *upgraded)
{
    size_t length = strlen(url->text), capacity = HF_URL_WRITTEN_MAX(length), written;
    char *text = base_arena_take(arena, capacity);

    /* Port 443, where it was written for http, is now the default one, which the normal form leaves out. */
    if (hf_url_upgrade(&url->url, url->text, length, text, capacity, &written) == HF_OK)
        http_url_read(NULL, text, written, arena, upgraded, NULL);
}

void http_url_take_fragment(http_url *url, const char *fragment, base_arena *arena)
{
    take_apart(base_arena_format(arena, "%s%s", url->text, fragment), arena, url);
}

bool http_url_same_request(const char *a, const char *b)
{
    size_t length = strcspn(a, "#");

    return length == strcspn(b, "#") && memcmp(a, b, length) == 0;
}
