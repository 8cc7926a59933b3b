#include "http/route.h"

#include "base/idna.h"
#include "base/memory.h"
#include "holdfast/host.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* One rule of either kind; the strings point into `text`. A port of 0 and an empty host mean any. */
typedef struct rule rule;
struct rule {
    rule *next;
    bool resolve;
    const char *host, *to;
    int port, to_port;
    hf_host parsed; /* `host`, canonical, if it is a name */
    size_t count;
    io_address addresses[IO_ADDRESSES_MAX];
    char text[];
};

struct http_route {
    rule *first, **last;
};

http_route *http_route_new(void)
{
    http_route *route = base_allocate(sizeof *route);

    route->last = &route->first;
    return route;
}

void http_route_free(http_route *route)
{
    if (route == NULL)
        return;
    for (rule *r = route->first, *next; r != NULL; r = next) {
        next = r->next;
        free(r);
    }
    free(route);
}

/* -- Reading ------------------------------------------------------------------------------------------------------- */

/* Cuts the next part, up to `separator` or the end; a part in brackets may hold colons, and loses its brackets. */
static bool cut(char **at, char separator, const char **part)
{
    char *from = *at, *end;

    if (from == NULL)
        return false;
    if (*from == '[') {
        end = strchr(from, ']');
        if (end == NULL || (end[1] != separator && end[1] != '\0'))
            return false;
        *end++ = '\0';
        from++;
    } else {
        end = from + strcspn(from, (char[]){separator, '\0'});
    }
    *at = *end == '\0' ? NULL : end + 1;
    *end = '\0';
    *part = from;
    return true;
}

static bool read_port(const char *text, bool may_be_empty, int *port)
{
    char *end;
    long value;

    *port = 0;
    if (*text == '\0')
        return may_be_empty;
    value = strspn(text, "0123456789") == strlen(text) && strlen(text) <= 5 ? strtol(text, &end, 10) : 0;
    *port = (int)value;
    return value > 0 && value <= 65535;
}

static rule *rule_from(const char *text)
{
    size_t size = strlen(text) + 1;
    rule *r = base_allocate(sizeof *r + size);

    memcpy(r->text, text, size);
    return r;
}

/* The host as requests name it: canonical, in whatever script, case and with whatever dot it was written. An address in
 * brackets has lost them already, and is an address all the same. */
static bool read_host(rule *r)
{
    io_address address;

    if (*r->host == '\0' || strcmp(r->host, "*") == 0 || io_address_parse(r->host, 0, &address))
        return true;
    if (hf_host_parse(r->host, strlen(r->host), base_idna(), &r->parsed, NULL) != HF_OK)
        return false;
    r->host = r->parsed.name;
    return true;
}

static void append(http_route *route, rule *r)
{
    *route->last = r;
    route->last = &r->next;
}

bool http_route_add_connect_to(http_route *route, const char *text, base_error *error)
{
    rule *r = rule_from(text);
    const char *port, *to_port;
    char *at = r->text;

    if (cut(&at, ':', &r->host) && cut(&at, ':', &port) && cut(&at, ':', &r->to) && cut(&at, ':', &to_port) &&
        at == NULL && read_port(port, true, &r->port) && read_port(to_port, true, &r->to_port) && read_host(r)) {
        append(route, r);
        return true;
    }
    free(r);
    base_error_set(error,
                   "'%s' is not HOST1:PORT1:HOST2:PORT2 (each may be empty; IPv6 addresses in brackets): "
                   "example.com:443:127.0.0.1:8443",
                   BASE_CUT(text));
    return false;
}

static bool read_addresses(char *at, rule *r)
{
    const char *address;

    while (at != NULL) {
        if (r->count == IO_ADDRESSES_MAX || !cut(&at, ',', &address) ||
            !io_address_parse(address, r->port, &r->addresses[r->count]))
            return false;
        r->count++;
    }
    return r->count > 0;
}

bool http_route_add_resolve(http_route *route, const char *text, base_error *error)
{
    rule *r = rule_from(text);
    const char *port;
    char *at = r->text;

    r->resolve = true;
    if (cut(&at, ':', &r->host) && *r->host != '\0' && cut(&at, ':', &port) && read_port(port, false, &r->port) &&
        read_addresses(at, r) && read_host(r)) {
        if (strcmp(r->host, "*") == 0)
            r->host = "";
        append(route, r);
        return true;
    }
    free(r);
    base_error_set(error,
                   "'%s' is not HOST:PORT:ADDRESS[,ADDRESS] (IPv4 or IPv6, at most %d): example.com:443:127.0.0.1",
                   BASE_CUT(text), IO_ADDRESSES_MAX);
    return false;
}

/* -- Asking -------------------------------------------------------------------------------------------------------- */

static const rule *find(const http_route *route, bool resolve, const char *host, int port)
{
    for (const rule *r = route != NULL ? route->first : NULL; r != NULL; r = r->next)
        if (r->resolve == resolve && (*r->host == '\0' || strcasecmp(r->host, host) == 0) &&
            (r->port == 0 || r->port == port))
            return r;
    return NULL;
}

void http_route_target(const http_route *route, const char *host, int port, const char **to, int *to_port)
{
    const rule *r = find(route, false, host, port);

    *to = r != NULL && *r->to != '\0' ? r->to : host;
    *to_port = r != NULL && r->to_port != 0 ? r->to_port : port;
}

bool http_route_addresses(const http_route *route, const char *host, int port, io_address *addresses, size_t capacity,
                          size_t *count)
{
    const rule *r = find(route, true, host, port);

    if (r == NULL)
        return false;
    *count = r->count < capacity ? r->count : capacity;
    memcpy(addresses, r->addresses, *count * sizeof *addresses);
    return true;
}
