#include "http/cookies.h"

#include "base/ascii.h"
#include "base/buffer.h"
#include "base/domain.h"
#include "http/list.h"
#include "http/response.h"

#include <string.h>

/* One Set-Cookie field on its way into the jar. */
typedef struct reading {
    const http_url *url;
    int64_t now;
    base_arena *arena;
    hf_span name, value, path, domain;
    bool secure, expired, has_max_age, cross_site;
} reading;

/* -- Reading (RFC 6265 5.2) ---------------------------------------------------------------------------------------- */

static hf_span trimmed(const char *data, size_t length)
{
    while (length > 0 && (*data == ' ' || *data == '\t')) {
        data++;
        length--;
    }
    while (length > 0 && (data[length - 1] == ' ' || data[length - 1] == '\t'))
        length--;
    return (hf_span){data, length};
}

/* The part of *rest up to `end`, which is passed over. */
static hf_span cut(hf_span *rest, char end)
{
    const char *at = rest->length > 0 ? memchr(rest->data, end, rest->length) : NULL;
    size_t length = at != NULL ? (size_t)(at - rest->data) : rest->length;
    hf_span part = trimmed(rest->data, length);

    rest->data += length;
    rest->length -= length;
    if (at != NULL) {
        rest->data++;
        rest->length--;
    }
    return part;
}

/* Browsers refuse a cookie with a control character in it. */
static bool has_control(hf_span span)
{
    for (size_t i = 0; i < span.length; i++)
        if (((unsigned char)span.data[i] < ' ' && span.data[i] != '\t') || span.data[i] == 0x7f)
            return true;
    return false;
}

/* RFC 6265 5.2.2: a number that is not above 0 expires the cookie; what is no number is ignored. */
static void read_max_age(reading *r, hf_span value)
{
    size_t i = value.length > 0 && value.data[0] == '-';
    bool is_zero = true;

    if (i == value.length)
        return;
    for (size_t k = i; k < value.length; k++) {
        if (value.data[k] < '0' || value.data[k] > '9')
            return;
        is_zero = is_zero && value.data[k] == '0';
    }
    r->has_max_age = true;
    r->expired = i == 1 || is_zero;
}

static void read_attribute(reading *r, hf_span attribute)
{
    hf_span value = attribute, name = cut(&value, '=');

    value = trimmed(value.data, value.length);
    if (base_ascii_is(name.data, name.length, "secure")) {
        r->secure = true;
    } else if (base_ascii_is(name.data, name.length, "path")) {
        r->path = value;
    } else if (base_ascii_is(name.data, name.length, "domain")) {
        r->domain = value;
    } else if (base_ascii_is(name.data, name.length, "samesite")) {
        r->cross_site = base_ascii_is(value.data, value.length, "none");
    } else if (base_ascii_is(name.data, name.length, "max-age")) {
        read_max_age(r, value);
    } else if (base_ascii_is(name.data, name.length, "expires") && !r->has_max_age) {
        int64_t until = http_date(value);

        r->expired = until != HF_TIME_UNKNOWN && until <= r->now;
    }
}

/* False: browsers ignore the field. */
static bool read_field(reading *r, hf_span field)
{
    hf_span rest = field, pair = cut(&rest, ';');

    if (memchr(pair.data, '=', pair.length) != NULL) {
        r->value = pair;
        r->name = cut(&r->value, '=');
        r->value = trimmed(r->value.data, r->value.length);
    } else {
        r->value = pair;
    }
    while (rest.length > 0)
        read_attribute(r, cut(&rest, ';'));
    return r->name.length + r->value.length > 0 && r->name.length + r->value.length <= HTTP_COOKIE_MAX &&
           !has_control(pair);
}

/* -- Whose it is (RFC 6265 5.1.3, 5.1.4, 5.3) ---------------------------------------------------------------------- */

/* False: the host may set no cookie for this domain. */
static bool find_domain(const reading *r, http_cookie *cookie)
{
    const hf_host *host = &r->url->url.host;
    hf_span domain = r->domain;
    hf_host named, site;

    cookie->domain = base_arena_string(r->arena, host->name);
    cookie->host_only = true;
    if (domain.length > 0 && domain.data[0] == '.') {
        domain.data++;
        domain.length--;
    }
    if (domain.length == 0)
        return true;
    if (hf_host_parse(domain.data, domain.length, NULL, &named, NULL) != HF_OK ||
        !base_domain_is_within(host->name, named.name))
        return false;
    base_domain_of(host, &site);
    if (strcmp(named.name, host->name) == 0) {
        /* Of a public suffix it is the host's own: what stands below belongs to others. */
        cookie->host_only =
            host->kind != HF_HOST_NAME || (strcmp(site.name, host->name) == 0 && !base_domain_is_registrable(host));
        return true;
    }
    cookie->domain = base_arena_string(r->arena, named.name);
    cookie->host_only = false;
    return host->kind == HF_HOST_NAME && base_domain_is_within(named.name, site.name);
}

/* The directory of the URL, where the field names no path of its own. */
static const char *path_of(const reading *r)
{
    const char *target = r->url->target;
    size_t length = strcspn(target, "?"), last = 0;

    if (r->path.length > 0 && r->path.data[0] == '/')
        return base_arena_copy(r->arena, r->path.data, r->path.length);
    for (size_t i = 0; i < length; i++)
        if (target[i] == '/')
            last = i;
    return last > 0 ? base_arena_copy(r->arena, target, last) : "/";
}

static bool begins(hf_span name, const char *prefix)
{
    size_t length = strlen(prefix);

    return name.length >= length && base_ascii_is(name.data, length, prefix);
}

/* What browsers ask of the names that promise something (RFC 6265bis 4.1.3), of `Secure`, and of SameSite=None. */
static bool is_allowed(const reading *r, const http_cookie *cookie)
{
    bool secure = r->url->url.scheme == HF_SCHEME_HTTPS;

    if ((cookie->secure && !secure) || (r->cross_site && !cookie->secure))
        return false;
    if (begins(r->name, "__Secure-"))
        return cookie->secure;
    if (begins(r->name, "__Host-"))
        return cookie->secure && cookie->host_only && r->domain.length == 0 && strcmp(cookie->path, "/") == 0;
    return true;
}

/* -- The jar ------------------------------------------------------------------------------------------------------- */

static void put(http_cookies *cookies, const http_cookie *cookie, bool expired)
{
    size_t i = 0;

    while (i < cookies->count &&
           (strcmp(cookies->items[i].name, cookie->name) != 0 || strcmp(cookies->items[i].path, cookie->path) != 0 ||
            strcmp(cookies->items[i].domain, cookie->domain) != 0))
        i++;
    if (expired && i < cookies->count) {
        cookies->count--;
        memmove(&cookies->items[i], &cookies->items[i + 1], (cookies->count - i) * sizeof *cookies->items);
    } else if (!expired && i < HTTP_COOKIES_MAX) {
        cookies->items[i] = *cookie;
        cookies->count += i == cookies->count;
    }
}

static void take(http_cookies *cookies, reading *r, hf_span field)
{
    http_cookie cookie = {0};

    if (!read_field(r, field) || !find_domain(r, &cookie))
        return;
    cookie.name = base_arena_copy(r->arena, r->name.data, r->name.length);
    cookie.value = base_arena_copy(r->arena, r->value.data, r->value.length);
    cookie.path = path_of(r);
    cookie.secure = r->secure;
    if (is_allowed(r, &cookie))
        put(cookies, &cookie, r->expired);
}

void http_cookies_take(http_cookies *cookies, const http_url *url, const facts_response *response, int64_t now,
                       base_arena *arena)
{
    for (size_t i = 0; i < response->count; i++) {
        reading r = {.url = url, .now = now, .arena = arena, .name = {"", 0}};

        if (http_field_is(&response->fields[i], "set-cookie") && response->fields[i].value.length > 0)
            take(cookies, &r, response->fields[i].value);
    }
}

/* RFC 6265 5.1.4: the same, or a path below it. */
static bool covers_path(const char *path, const char *target)
{
    size_t length = strlen(path), asked = strcspn(target, "?");

    return length <= asked && strncmp(path, target, length) == 0 &&
           (length == asked || path[length - 1] == '/' || target[length] == '/');
}

static bool is_for(const http_cookie *cookie, const http_url *url)
{
    const char *host = url->url.host.name;

    if (cookie->secure && url->url.scheme != HF_SCHEME_HTTPS)
        return false;
    if (cookie->host_only ? strcmp(host, cookie->domain) != 0 : !base_domain_is_within(host, cookie->domain))
        return false;
    return covers_path(cookie->path, url->target);
}

const char *http_cookies_for(const http_cookies *cookies, const http_url *url, base_arena *arena)
{
    const char *text = NULL;
    base_buffer out;

    if (cookies->count == 0)
        return NULL;
    base_buffer_init(&out, HTTP_COOKIE_FIELD_MAX);
    for (size_t i = 0; i < cookies->count; i++) {
        const http_cookie *cookie = &cookies->items[i];
        size_t more = strlen(cookie->name) + strlen(cookie->value) + sizeof "; =";

        if (!is_for(cookie, url) || out.length + more > HTTP_COOKIE_FIELD_MAX)
            continue;
        base_buffer_appendf(&out, "%s%s%s%s", out.length > 0 ? "; " : "", cookie->name,
                            *cookie->name != '\0' ? "=" : "", cookie->value);
    }
    if (out.length > 0)
        text = base_arena_copy(arena, out.data, out.length);
    base_buffer_done(&out);
    return text;
}
