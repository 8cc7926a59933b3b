/*
 * holdfast check HOST[:PORT]|URL...: looks at sites as a browser would, and says what it thinks of their HSTS.
 */
#include "agent/sites.h"
#include "base/domain.h"
#include "base/host_port.h"
#include "base/idna.h"
#include "cmd/check_lists.h"
#include "cmd/command.h"
#include "cmd/engine.h"
#include "http/transport.h"
#include "http/url.h"
#include "report/report.h"
#include "rules/judge.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define CONCURRENCY 32

typedef struct settings {
    cmd_common common;
    http_transport_options wire;
    int http_port; /* 0: not given */
    preload_lists_options lists;
    bool no_http, no_www;
    base_texts also_names;
    facts_depth depth;
    hf_severity fail_on;
    bool never_fail;
    facts_engine engine;
    const report_format *format; /* NULL: not given */
} settings;

typedef struct check {
    const settings *settings;
    int64_t at;
    preload_lists lists;
    facts_site *sites;
    finding_judgement *judgements;
    size_t count;
} check;

/* -- What is asked for --------------------------------------------------------------------------------------------- */

/* A whole site is looked at by every way in, a single port by that port alone: what else its host serves is another
 * matter. */
static void set_site(facts_site *site, const hf_host *host, int port)
{
    facts_site_init(site, host, port);
    site->http_port = port == 443 ? 80 : 0;
    site->registrable = base_domain_is_registrable(host);
}

/* An octet counted from 0, as everywhere. */
static bool refuse_at(base_error *error, const char *text, const char *why, size_t offset)
{
    base_error_set(error, "'%s': %s, at octet %zu", BASE_CUT(text), why, offset);
    return false;
}

/* "http://HOST[:PORT][/PATH]", and the same with https: that page, on that host. */
static bool read_url(const char *text, facts_site *site, base_error *error)
{
    base_arena arena = {0};
    hf_diag diag = {0};
    http_url url;

    if (http_url_read(NULL, text, strlen(text), &arena, &url, &diag) != HTTP_URL_GOOD) {
        refuse_at(error, text, diag.text, diag.offset);
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

/* "HOST", "HOST:PORT", and either with the '/' that is left when the address bar of a browser is copied by hand. */
static bool read_host(const settings *s, const char *text, facts_site *site, base_error *error)
{
    size_t length = strlen(text);
    hf_diag diag;
    hf_host host;
    int port = 0;

    length -= length > 1 && text[length - 1] == '/';
    if (strcspn(text, "/?#@\\ \t") < length) {
        base_error_set(error, "'%s' is not HOST, HOST:PORT or a URL", BASE_CUT(text));
        return false;
    }
    if (!base_host_port(text, length, &host, &port, &diag))
        return refuse_at(error, text, diag.text, diag.offset);
    set_site(site, &host, port != 0 ? port : 443);
    site->www = port == 0 && site->registrable && !s->no_www;
    return true;
}

/* Names in whatever script, as certificates have them. */
static bool read_also_names(const settings *s, facts_site *site, base_error *error)
{
    const char **names = base_arena_take(&site->arena, (s->also_names.count + 1) * sizeof *names);
    hf_diag diag = {0};
    hf_host host;

    for (size_t i = 0; i < s->also_names.count; i++) {
        const char *text = s->also_names.items[i];

        if (hf_host_parse(text, strlen(text), base_idna(), &host, &diag) != HF_OK) {
            base_error_set(error, "--also-name: '%s' is not a host name: %s", BASE_CUT(text), diag.text);
            return false;
        }
        names[i] = base_arena_string(&site->arena, host.name);
    }
    site->also_names = names;
    site->also_name_count = s->also_names.count;
    return true;
}

static bool read_operand(const settings *s, const char *text, facts_site *site, base_error *error)
{
    bool is_url = strncasecmp(text, "http://", 7) == 0 || strncasecmp(text, "https://", 8) == 0;

    if (*text == '\0') {
        base_error_set(error, "an empty operand: HOST, HOST:PORT or a URL is asked for");
        return false;
    }
    /* A browser would pass over them, and look at another host than the one that is read here. */
    for (size_t i = 0; text[i] != '\0'; i++)
        if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
            return refuse_at(error, text, "a control character", i);
    if (!(is_url ? read_url(text, site, error) : read_host(s, text, site, error)))
        return false;
    if (s->http_port != 0)
        site->http_port = s->http_port;
    if (s->no_http)
        site->http_port = 0;
    site->depth = s->depth;
    return read_also_names(s, site, error);
}

static bool read_operands(check *c, const base_operands *hosts, base_error *error)
{
    c->count = hosts->count;
    c->sites = base_allocate(hosts->count * sizeof *c->sites);
    c->judgements = base_allocate(hosts->count * sizeof *c->judgements);
    for (size_t i = 0; i < hosts->count; i++)
        if (!read_operand(c->settings, hosts->items[i], &c->sites[i], error))
            return false;
    for (size_t i = 0; i < c->count; i++)
        cmd_check_lists(&c->lists, c->at, &c->sites[i]);
    return true;
}

static void check_done(check *c)
{
    preload_lists_close(&c->lists);
    for (size_t i = 0; i < c->count; i++)
        facts_site_done(&c->sites[i]);
    free(c->sites);
    free(c->judgements);
}

static bool write_report(const check *c, base_error *error)
{
    const cmd_common *common = &c->settings->common;
    report_item *items = base_allocate(c->count * sizeof *items);
    base_term term;
    const report_format *format = c->settings->format;
    bool written;

    if (format == NULL)
        format = report_find(common->json ? "json" : "text");
    for (size_t i = 0; i < c->count; i++)
        items[i] = (report_item){&c->sites[i], &c->judgements[i]};
    base_term_init(&term, stdout, common->color);
    written = format->write(items, c->count, common->quiet, &term, error);
    free(items);
    return written;
}

/* A finding outweighs what could not be looked at. */
static int exit_code(const check *c)
{
    size_t unseen = 0, partly = 0;

    for (size_t i = 0; i < c->count; i++) {
        if (!c->settings->never_fail && finding_reaches(&c->judgements[i].findings, c->settings->fail_on))
            return BASE_EXIT_FINDINGS;
        unseen += !c->sites[i].verdict.looked;
        partly += !c->sites[i].verdict.complete;
    }
    if (unseen == c->count)
        return BASE_EXIT_UNCHECKED;
    return partly > 0 ? BASE_EXIT_PARTLY : BASE_EXIT_CLEAN;
}

static int fail(const base_error *error, int code)
{
    base_error_print(error, stderr);
    return code;
}

static void look_at_all(check *c, const http_client *client)
{
    const agent_judging judging = {
        .now = c->at, .preload = c->lists.image, .floor = c->lists.floor, .engine = c->settings->engine};

    agent_look(client, &judging, c->sites, c->count, CONCURRENCY);
}

static int look(check *c, io_loop *loop, http_route *route)
{
    const settings *s = c->settings;
    base_error error;
    http_transport wire;

    if (!http_transport_open(&wire, loop, route, &s->wire, &error)) {
        base_error_wrap(&error, "check");
        return fail(&error, http_transport_was_asked_for(&s->wire) ? BASE_EXIT_USAGE : BASE_EXIT_UNCHECKED);
    }
    look_at_all(c, &wire.client);
    for (size_t i = 0; i < c->count; i++)
        rule_judge(&c->sites[i], c->at, &c->sites[i].arena, &c->judgements[i]);
    rule_judge_together(c->sites, c->judgements, c->count);
    http_transport_close(&wire);
    return write_report(c, &error) ? exit_code(c) : fail(&error, BASE_EXIT_UNCHECKED);
}

static int run(void *storage, const base_operands *hosts)
{
    const settings *s = storage;
    check c = {.settings = s, .at = cmd_now(&s->common)};
    io_loop *loop;
    http_route *route;
    base_error error;
    int code;

    if (hosts->count == 0)
        return cmd_refuse("check: a HOST is missing: holdfast check example.com");
    if (s->wire.timeout == 0)
        return cmd_refuse("check: --timeout: a timeout of 0 leaves no time to look");
    if (s->lists.image != NULL && s->lists.none)
        return cmd_refuse("check: --preload and --no-preload contradict each other");
    if (s->format != NULL && s->common.json)
        return cmd_refuse("check: --json and --format contradict each other");
    if (!preload_lists_open(&c.lists, &s->lists, c.at, &error))
        return cmd_refuse("check: --preload: %s", error.text);
    route = http_transport_route(&s->wire, &error);
    if (route == NULL) {
        preload_lists_close(&c.lists);
        return cmd_refuse("check: %s", error.text);
    }
    loop = io_loop_new();
    if (!read_operands(&c, hosts, &error)) {
        http_route_free(route);
        code = cmd_refuse("check: %s", error.text);
    } else {
        code = look(&c, loop, route);
    }
    io_loop_free(loop);
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
    base_error_set(error, "'%s' is not one of error, warning, info, never", text);
    return false;
}

static bool read_format(const char *text, void *target, base_error *error)
{
    const report_format **format = target;

    *format = report_find(text);
    if (*format == NULL)
        base_error_set(error, "unknown format '%s' (%s)", BASE_CUT(text), REPORT_FORMAT_NAMES);
    return *format != NULL;
}

static bool read_depth(const char *text, void *target, base_error *error)
{
    return facts_depth_parse(text, FACTS_DEPTH_STANDARD, target, error);
}

static bool read_port(const char *text, void *target, base_error *error)
{
    int *port = target;

    *port = strlen(text) <= 5 && strspn(text, "0123456789") == strlen(text) ? (int)strtol(text, NULL, 10) : 0;
    if (*port > 0 && *port <= 65535)
        return true;
    base_error_set(error, "'%s' is not a port", text);
    return false;
}

static const base_option options[] = {
    {"http-port", 0, "PORT", "look at plain HTTP on PORT: 80 is the default for a whole site", read_port,
     offsetof(settings, http_port)},
    {"no-http", 0, NULL, "do not look at plain HTTP", NULL, offsetof(settings, no_http)},
    PRELOAD_LISTS_OPTIONS(settings),
    {"no-www", 0, NULL, "do not look at www.HOST", NULL, offsetof(settings, no_www)},
    HTTP_TRANSPORT_OPTIONS(settings),
    HTTP_TRUST_OPTIONS(settings),
    {"also-name", 0, "NAME", "the certificate should be for NAME too; may be repeated", base_read_texts,
     offsetof(settings, also_names)},
    {"timeout", 0, "DURATION", "the most that one site may take, 30s by default", base_read_duration,
     offsetof(settings, wire.timeout)},
    {"depth", 0, "DEPTH", "how much is checked: full, or standard: no further addresses, records and answers",
     read_depth, offsetof(settings, depth)},
    {"format", 0, "FORMAT", "how the report is written: " REPORT_FORMAT_NAMES, read_format, offsetof(settings, format)},
    CMD_ENGINE_OPTION(settings, "judge as one browser: chromium, firefox or safari"),
    {"fail-on", 0, "SEVERITY", "exit with 1 from this on: error (the default), warning, info, never", read_fail_on,
     offsetof(settings, fail_on)},
    {0},
};

static const settings defaults = {.lists = PRELOAD_LISTS_DEFAULTS,
                                  .wire = {.timeout = HTTP_TIMEOUT_DEFAULT, .tells_roots = true, .patient = true},
                                  .depth = FACTS_DEPTH_FULL,
                                  .fail_on = HF_SEVERITY_ERROR};

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
