#include "http/proxy.h"

#include "io/address.h"

#include "base/memory.h"
#include "holdfast/url.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define BLANKS " \t,"

/* -- Reading ------------------------------------------------------------------------------------------------------- */

static char *copy(const char *text, size_t length)
{
    char *out = base_allocate(length + 1);

    memcpy(out, text, length);
    return out;
}

static int value_of_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* User information is sent as it was meant, so its escapes are resolved. */
static size_t decode(const char *text, size_t length, char *out)
{
    size_t used = 0;

    for (size_t i = 0; i < length; i++) {
        bool escape =
            text[i] == '%' && i + 2 < length && value_of_digit(text[i + 1]) >= 0 && value_of_digit(text[i + 2]) >= 0;

        out[used++] = escape ? (char)(value_of_digit(text[i + 1]) * 16 + value_of_digit(text[i + 2])) : text[i];
        i += escape ? 2 : 0;
    }
    return used;
}

static void encode_base64(const unsigned char *bytes, size_t length, char *out)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    for (size_t i = 0; i < length; i += 3) {
        size_t have = length - i < 3 ? length - i : 3;
        unsigned group = (unsigned)bytes[i] << 16 | (have > 1 ? (unsigned)bytes[i + 1] << 8 : 0) |
                         (have > 2 ? (unsigned)bytes[i + 2] : 0);

        for (size_t k = 0; k < 4; k++)
            *out++ = k <= have ? digits[group >> (18 - 6 * k) & 63] : '=';
    }
    *out = '\0';
}

/* RFC 7617: "Basic", and the base64 form of "user:password". */
static char *basic_of(const char *userinfo, size_t length)
{
    char *plain = base_allocate(length + 2), *out = base_allocate(16 + (length + 1) * 4 / 3 + 8);
    size_t used = decode(userinfo, length, plain);

    if (memchr(userinfo, ':', length) == NULL)
        plain[used++] = ':';
    encode_base64((const unsigned char *)plain, used, out + sprintf(out, "Basic "));
    free(plain);
    return out;
}

static void proxy_free(http_proxy *proxy)
{
    if (proxy == NULL)
        return;
    free(proxy->host);
    free(proxy->name);
    free(proxy->authorization);
    free(proxy);
}

static http_proxy *proxy_of(const char *text, const hf_url *url)
{
    http_proxy *proxy = base_allocate(sizeof *proxy);
    bool bracketed = url->host.kind == HF_HOST_IPV6;
    char name[HF_HOST_MAX + 32];

    proxy->host = copy(url->host.name, url->host.length);
    proxy->port = url->port_length > 0 ? url->port : HTTP_PROXY_PORT;
    snprintf(name, sizeof name, "http://%s%s%s:%d", bracketed ? "[" : "", proxy->host, bracketed ? "]" : "",
             proxy->port);
    proxy->name = copy(name, strlen(name));
    if (url->userinfo_length > 0)
        proxy->authorization = basic_of(text + url->userinfo_at, url->userinfo_length);
    return proxy;
}

/* "[http://][USER:PASSWORD@]HOST[:PORT]". The error does not repeat the text, which may hold a password. */
static http_proxy *proxy_read(const char *where, const char *text, base_error *error)
{
    static const char prefix[] = "http://";
    bool whole = strstr(text, "://") != NULL;
    char *url_text = base_allocate(strlen(text) + sizeof prefix);
    http_proxy *proxy = NULL;
    hf_diag diag = {0};
    hf_url url;

    sprintf(url_text, "%s%s", whole ? "" : prefix, text);
    if (hf_url_parse(url_text, strlen(url_text), NULL, &url, &diag) != HF_OK)
        base_error_set(error, "%s: %s", where, diag.text);
    else if (url.scheme != HF_SCHEME_HTTP)
        base_error_set(error, "%s: only http:// proxies are spoken to", where);
    else if (url.host.kind == HF_HOST_OTHER || url.port == 0)
        base_error_set(error, "%s: names no host that can be reached", where);
    else
        proxy = proxy_of(url_text, &url);
    free(url_text);
    return proxy;
}

/* -- The environment ----------------------------------------------------------------------------------------------- */

/* The first of the variables that is set; an empty one says "none", as in curl. */
static const char *variable(const char *const *names, const char **found)
{
    for (; *names != NULL; names++) {
        const char *value = getenv(*names);

        if (value != NULL) {
            *found = *names;
            return value;
        }
    }
    return NULL;
}

static bool read_variable(const char *const *names, http_proxy **proxy, base_error *error)
{
    const char *name, *value = variable(names, &name);

    if (value == NULL || *value == '\0')
        return true;
    *proxy = proxy_read(name, value, error);
    return *proxy != NULL;
}

static bool read_given(http_proxies *proxies, const char *given, base_error *error)
{
    if (*given == '\0')
        return true;
    proxies->http = proxy_read("--proxy", given, error);
    proxies->https = proxies->http != NULL ? proxy_read("--proxy", given, error) : NULL;
    return proxies->https != NULL;
}

bool http_proxies_init(http_proxies *proxies, const char *given, base_error *error)
{
    static const char *const http[] = {"http_proxy", "all_proxy", "ALL_PROXY", NULL};
    static const char *const https[] = {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", NULL};
    static const char *const none[] = {"no_proxy", "NO_PROXY", NULL};
    const char *name, *exceptions = variable(none, &name);

    *proxies = (http_proxies){0};
    if (given != NULL ? read_given(proxies, given, error)
                      : read_variable(http, &proxies->http, error) && read_variable(https, &proxies->https, error)) {
        if (exceptions != NULL)
            proxies->exceptions = copy(exceptions, strlen(exceptions));
        return true;
    }
    http_proxies_done(proxies);
    return false;
}

void http_proxies_done(http_proxies *proxies)
{
    proxy_free(proxies->http);
    proxy_free(proxies->https);
    free(proxies->exceptions);
    *proxies = (http_proxies){0};
}

/* -- Exceptions ---------------------------------------------------------------------------------------------------- */

static const unsigned char *octets_of(const io_address *address, size_t *length)
{
    if (address->socket.ss_family == AF_INET6) {
        *length = 16;
        return (const unsigned char *)&((const struct sockaddr_in6 *)&address->socket)->sin6_addr;
    }
    *length = 4;
    return (const unsigned char *)&((const struct sockaddr_in *)&address->socket)->sin_addr;
}

static bool in_block(const io_address *address, const io_address *block, long bits)
{
    size_t length, block_length;
    const unsigned char *a = octets_of(address, &length), *b = octets_of(block, &block_length);
    size_t whole;

    if (length != block_length || bits < 0 || bits > (long)length * 8)
        return false;
    whole = (size_t)bits / 8;
    return memcmp(a, b, whole) == 0 && (bits % 8 == 0 || (a[whole] ^ b[whole]) >> (8 - bits % 8) == 0);
}

/* "192.0.2.1", "192.0.2.0/24", "[2001:db8::1]" */
static bool covers_address(char *entry, const io_address *address)
{
    char *slash = strchr(entry, '/'), *end = NULL;
    size_t length;
    io_address block;
    long bits;

    octets_of(address, &length);
    bits = (long)length * 8;
    if (slash != NULL) {
        *slash = '\0';
        bits = strtol(slash + 1, &end, 10);
        if (end == slash + 1 || *end != '\0')
            return false;
    }
    length = strlen(entry);
    if (*entry == '[' && entry[length - 1] == ']') {
        entry[length - 1] = '\0';
        entry++;
    }
    return io_address_parse(entry, 0, &block) && in_block(address, &block, bits);
}

static bool covers_name(const char *entry, const char *host)
{
    size_t length, host_length = strlen(host);

    entry += *entry == '.';
    length = strlen(entry);
    if (length > 0 && entry[length - 1] == '.')
        length--;
    return length > 0 && length <= host_length && strncasecmp(host + host_length - length, entry, length) == 0 &&
           (length == host_length || host[host_length - length - 1] == '.');
}

static bool excepts_one(const char *text, size_t length, const char *host, const io_address *address)
{
    char entry[HF_HOST_MAX + 8];

    if (length >= sizeof entry)
        return false;
    memcpy(entry, text, length);
    entry[length] = '\0';
    return address != NULL ? covers_address(entry, address) : covers_name(entry, host);
}

bool http_proxy_excepts(const char *exceptions, const char *host)
{
    io_address address;
    bool is_address = io_address_parse(host, 0, &address);

    if (exceptions == NULL)
        return false;
    if (strcmp(exceptions, "*") == 0)
        return true;
    for (const char *at = exceptions + strspn(exceptions, BLANKS); *at != '\0'; at += strspn(at, BLANKS)) {
        size_t length = strcspn(at, BLANKS);

        if (excepts_one(at, length, host, is_address ? &address : NULL))
            return true;
        at += length;
    }
    return false;
}

const http_proxy *http_proxy_for(const http_proxies *proxies, const char *host, bool secure)
{
    const http_proxy *proxy;

    if (proxies == NULL)
        return NULL;
    proxy = secure ? proxies->https : proxies->http;
    return proxy != NULL && !http_proxy_excepts(proxies->exceptions, host) ? proxy : NULL;
}
