/*
 * holdfast check HOST[:PORT]|URL...: looks at sites as a browser would, and says what it thinks of their HSTS.
 */
#include "base/domain.h"
#include "base/idna.h"
#include "cmd/check_lists.h"
#include "cmd/commands.h"
#include "cmd/wire.h"
#include "net/url.h"
#include "probe/probe.h"
#include "report/report.h"
#include "rules/judge.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define CONCURRENCY 32
#define TEXT_MAX 1100 /* "https://", the longest host that is read, and a port */

typedef struct settings {
    cmd_common common;
    base_texts connect_to, resolve;
    cmd_wire_options wire;
    int http_port; /* 0: not given */
    cmd_lists_options lists;
    bool no_http, no_www;
    hf_severity fail_on;
    bool never_fail;
} settings;

typedef struct check {
    const settings *settings;
    int64_t at;
    cmd_lists lists;
    facts_site *sites;
    rule_report *reports;
    size_t count;
} check;

/* -- What is asked for -------------------------------------------------------------------------------------------------------- */

/* A whole site is looked at by every way in, a single port by that port alone: what else its host serves is another matter. */
static void set_site(facts_site *site, const hf_host *host, int port)
{
    facts_site_init(site, host, port);
    site->http_port = port == 443 ? 80 : 0;
    site->registrable = base_domain_is_registrable(host);
}

/* "http://HOST[:PORT][/PATH]", and the same with https: that page, on that host. */
static bool read_url(const char *text, facts_site *site, base_error *error)
{
    base_arena arena = {0};
    hf_diag diag = {0};
    net_url url;
    net_url_result result = net_url_read(NULL, text, strlen(text), &arena, &url, &diag);

    if (result != NET_URL_GOOD) {
        base_error_set(error, "'%s': %s", text,
                       result == NET_URL_MALFORMED ? diag.text : "names no host that can be reached");
    } else if (url.url.userinfo_length > 0) {
        base_error_set(error, "a URL with a user name in it: leave it out, for it is not sent");
    } else {
        set_site(site, &url.url.host, url.url.scheme == HF_SCHEME_HTTPS ? url.url.port : 443);
        if (url.url.scheme == HF_SCHEME_HTTP)
            site->http_port = url.url.port;
        site->target = url.target;
        site->arena = arena;
        return true;
    }
    base_arena_done(&arena);
    return false;
}

/* "HOST:PORT"; an IPv6 address stands in brackets. */
static bool read_host_port(const char *text, facts_site *site, base_error *error)
{
    char url_text[TEXT_MAX];
    hf_diag diag = {0};
    hf_url url;

    if (strcspn(text, "/?#@\\ \t") != strlen(text)) {
        base_error_set(error, "'%s' is not HOST, HOST:PORT or a URL", text);
        return false;
    }
    snprintf(url_text, sizeof url_text, "https://%s", text);
    if (hf_url_parse(url_text, strlen(url_text), base_idna(), &url, &diag) != HF_OK) {
        base_error_set(error, "'%s': %s", text, diag.text);
        return false;
    }
    if (url.host.kind == HF_HOST_OTHER || url.port == 0) {
        base_error_set(error, "'%s' names no host that can be reached", text);
        return false;
    }
    set_site(site, &url.host, url.port);
    return true;
}

static bool read_operand(const settings *s, const char *text, facts_site *site, base_error *error)
{
    bool is_url = strncasecmp(text, "http://", 7) == 0 || strncasecmp(text, "https://", 8) == 0;
    hf_host bare;

    if (hf_host_parse(text, strlen(text), base_idna(), &bare, NULL) == HF_OK) {
        set_site(site, &bare, 443);
        site->www = site->registrable && !s->no_www;
    } else if (!(is_url ? read_url : read_host_port)(text, site, error)) {
        return false;
    }
    if (s->http_port != 0)
        site->http_port = s->http_port;
    if (s->no_http)
        site->http_port = 0;
    return true;
}

static bool read_operands(check *c, const base_operands *hosts, base_error *error)
{
    c->count = hosts->count;
    c->sites = base_allocate(hosts->count * sizeof *c->sites);
    c->reports = base_allocate(hosts->count * sizeof *c->reports);
    for (size_t i = 0; i < hosts->count; i++)
        if (!read_operand(c->settings, hosts->items[i], &c->sites[i], error))
            return false;
    for (size_t i = 0; i < c->count; i++)
        cmd_check_lists(&c->lists, c->at, &c->sites[i]);
    return true;
}

static void check_done(check *c)
{
    cmd_lists_close(&c->lists);
    for (size_t i = 0; i < c->count; i++)
        facts_site_done(&c->sites[i]);
    free(c->sites);
    free(c->reports);
}

static bool write_report(const check *c, base_error *error)
{
    const cmd_common *common = &c->settings->common;
    report_item *items = base_allocate(c->count * sizeof *items);
    base_term term;
    bool written;

    for (size_t i = 0; i < c->count; i++)
        items[i] = (report_item){&c->sites[i], &c->reports[i]};
    base_term_init(&term, stdout, common->color);
    written = report_find(common->json ? "json" : "text")->write(items, c->count, common->quiet, &term, error);
    free(items);
    return written;
}

/* A finding outweighs what could not be looked at. */
static int exit_code(const check *c)
{
    size_t unseen = 0, partly = 0;

    for (size_t i = 0; i < c->count; i++) {
        if (!c->settings->never_fail && rule_report_reaches(&c->reports[i], c->settings->fail_on))
            return CMD_FINDINGS;
        unseen += !c->reports[i].verdict.looked;
        partly += !c->reports[i].verdict.complete;
    }
    if (unseen == c->count)
        return CMD_UNCHECKED;
    return partly > 0 ? CMD_PARTLY : CMD_CLEAN;
}

static int fail(const base_error *error, int code)
{
    base_error_print(error, stderr);
    return code;
}

/* True if what cannot be used may be something that the command line named. */
static bool was_asked_for(const cmd_wire_options *wire)
{
    return wire->cafile != NULL || wire->dns_servers != NULL || wire->proxy != NULL;
}

static int look(check *c, net_loop *loop, net_route *route)
{
    const settings *s = c->settings;
    probe_options options = {.at = c->at, .concurrency = CONCURRENCY};
    base_error error;
    cmd_wire wire;

    if (!cmd_wire_open(&wire, loop, route, &s->wire, &error)) {
        base_error_wrap(&error, "check");
        return fail(&error, was_asked_for(&s->wire) ? CMD_USAGE : CMD_UNCHECKED);
    }
    options.client = &wire.client;
    probe_sites(&options, c->sites, c->count);
    for (size_t i = 0; i < c->count; i++)
        rule_judge(&c->sites[i], c->at, &c->sites[i].arena, &c->reports[i]);
    cmd_wire_close(&wire);
    return write_report(c, &error) ? exit_code(c) : fail(&error, CMD_UNCHECKED);
}

static int run(void *storage, const base_operands *hosts)
{
    const settings *s = storage;
    check c = {.settings = s, .at = cmd_now(&s->common)};
    net_loop *loop;
    net_route *route;
    base_error error;
    int code;

    if (hosts->count == 0)
        return cmd_refuse("check: a HOST is missing: holdfast check example.com");
    if (s->wire.timeout == 0)
        return cmd_refuse("check: --timeout: a timeout of 0 leaves no time to look");
    if (s->lists.image != NULL && s->lists.none)
        return cmd_refuse("check: --preload and --no-preload contradict each other");
    if (!cmd_lists_open(&c.lists, &s->lists, &error))
        return cmd_refuse("check: --preload: %s", error.text);
    route = cmd_wire_route(&s->connect_to, &s->resolve, &error);
    if (route == NULL) {
        cmd_lists_close(&c.lists);
        return cmd_refuse("check: %s", error.text);
    }
    loop = net_loop_new();
    if (!read_operands(&c, hosts, &error)) {
        net_route_free(route);
        code = cmd_refuse("check: %s", error.text);
    } else {
        code = look(&c, loop, route);
    }
    net_loop_free(loop);
    check_done(&c);
    return code;
}

static bool read_fail_on(const char *text, void *target, base_error *error)
{
    settings *s = (settings *)((char *)target - offsetof(settings, fail_on));

    s->never_fail = strcmp(text, "never") == 0;
    if (s->never_fail)
        return true;
    for (hf_severity severity = HF_SEVERITY_INFO; severity <= HF_SEVERITY_ERROR; severity++)
        if (strcmp(text, hf_severity_name(severity)) == 0) {
            s->fail_on = severity;
            return true;
        }
    base_error_set(error, "'%s' is none of error, warning, info, never", text);
    return false;
}

static bool read_port(const char *text, void *target, base_error *error)
{
    int *port = target;

    *port = strlen(text) <= 5 && strspn(text, "0123456789") == strlen(text) ? (int)strtol(text, NULL, 10) : 0;
    if (*port > 0 && *port <= 65535)
        return true;
    base_error_set(error, "'%s' is no port", text);
    return false;
}

static const base_option options[] = {
    {"http-port", 0, "PORT", "look at plain HTTP on PORT: 80 is the default for a whole site", read_port,
     offsetof(settings, http_port)},
    {"no-http", 0, NULL, "do not look at plain HTTP", NULL, offsetof(settings, no_http)},
    CMD_LISTS_OPTIONS(settings),
    {"no-www", 0, NULL, "do not look at www.HOST", NULL, offsetof(settings, no_www)},
    {"connect-to", 0, "H1:P1:H2:P2", "reach H1:P1 at H2:P2, as curl does; may be repeated", base_read_texts,
     offsetof(settings, connect_to)},
    {"resolve", 0, "HOST:PORT:ADDR", "take ADDR[,ADDR] as the addresses of HOST for PORT; may be repeated",
     base_read_texts, offsetof(settings, resolve)},
    {"dns-server", 0, "ADDR", "ask the DNS server at ADDR[:PORT] instead of the system's", base_read_text,
     offsetof(settings, wire.dns_servers)},
    {"cafile", 0, "FILE", "trust the certificates in FILE (PEM) instead of the system's", base_read_text,
     offsetof(settings, wire.cafile)},
    {"proxy", 0, "URL", "go through this HTTP proxy; empty: through none, whatever the environment says",
     base_read_text, offsetof(settings, wire.proxy)},
    {"ipv4", '4', NULL, "use IPv4 addresses alone", NULL, offsetof(settings, wire.ipv4)},
    {"ipv6", '6', NULL, "use IPv6 addresses alone", NULL, offsetof(settings, wire.ipv6)},
    {"timeout", 0, "DURATION", "the most that one site may take, 30s by default", base_read_duration,
     offsetof(settings, wire.timeout)},
    {"fail-on", 0, "SEVERITY", "exit with 1 from this on: error (the default), warning, info, never", read_fail_on,
     offsetof(settings, fail_on)},
    {0},
};

static const settings defaults = {
    .lists = CMD_LISTS_DEFAULTS, .wire = {.timeout = CMD_TIMEOUT_DEFAULT}, .fail_on = HF_SEVERITY_ERROR};

const cmd_command cmd_check = {
    .name = "check",
    .summary = "looks at sites as a browser would: HSTS, certificate, and who gets in",
    .usage = "[options] HOST[:PORT]|URL...",
    .common = CMD_JSON | CMD_AT | CMD_QUIET,
    .options = options,
    .settings_size = sizeof(settings),
    .defaults = &defaults,
    .run = run,
};
