/*
 * holdfast check HOST[:PORT]...: looks at hosts as a browser would, and says what it thinks of their HSTS.
 */
#include "base/idna.h"
#include "cmd/commands.h"
#include "cmd/wire.h"
#include "holdfast/url.h"
#include "probe/probe.h"
#include "report/report.h"
#include "rules/judge.h"

#include <stdlib.h>
#include <string.h>

#define CONCURRENCY 32
#define TEXT_MAX 1100 /* "https://", the longest host that is read, and a port */

typedef struct settings {
    cmd_common common;
    base_texts connect_to, resolve;
    cmd_wire_options wire;
    hf_severity fail_on;
    bool never_fail;
} settings;

typedef struct check {
    const settings *settings;
    int64_t at;
    facts_host *facts;
    rule_report *reports;
    size_t count;
} check;

/* "HOST", "HOST:PORT" or "https://HOST[:PORT][/]"; an IPv6 address with a port stands in brackets. */
static bool read_operand(const char *text, facts_host *facts, base_error *error)
{
    char url_text[TEXT_MAX];
    hf_url url;
    hf_host bare;
    hf_diag diag;
    bool has_scheme = strncmp(text, "https://", 8) == 0;

    if (hf_host_parse(text, strlen(text), base_idna(), &bare, NULL) == HF_OK) {
        facts_host_init(facts, &bare, 443);
        return true;
    }
    if (strcspn(text + 8 * has_scheme, "/?#@\\ \t") != strlen(text + 8 * has_scheme)) {
        base_error_set(error, "'%s' is not HOST, HOST:PORT or https://HOST:PORT", text);
        return false;
    }
    snprintf(url_text, sizeof url_text, "%s%s", has_scheme ? "" : "https://", text);
    if (hf_url_parse(url_text, strlen(url_text), base_idna(), &url, &diag) != HF_OK) {
        base_error_set(error, "'%s': %s", text, diag.text);
        return false;
    }
    if (url.host.kind == HF_HOST_OTHER || url.port == 0) {
        base_error_set(error, "'%s' names no host that can be reached", text);
        return false;
    }
    facts_host_init(facts, &url.host, url.port);
    return true;
}

static bool read_operands(check *c, const base_operands *hosts, base_error *error)
{
    c->count = hosts->count;
    c->facts = base_allocate(hosts->count * sizeof *c->facts);
    c->reports = base_allocate(hosts->count * sizeof *c->reports);
    for (size_t i = 0; i < hosts->count; i++)
        if (!read_operand(hosts->items[i], &c->facts[i], error))
            return false;
    return true;
}

static void check_done(check *c)
{
    for (size_t i = 0; i < c->count; i++)
        facts_host_done(&c->facts[i]);
    free(c->facts);
    free(c->reports);
}

static bool write_report(const check *c, base_error *error)
{
    const cmd_common *common = &c->settings->common;
    report_item *items = base_allocate(c->count * sizeof *items);
    base_term term;
    bool written;

    for (size_t i = 0; i < c->count; i++)
        items[i] = (report_item){&c->facts[i], &c->reports[i]};
    base_term_init(&term, stdout, common->color);
    written = report_find(common->json ? "json" : "text")->write(items, c->count, common->quiet, &term, error);
    free(items);
    return written;
}

/* A finding outweighs a host that could not be looked at. */
static int exit_code(const check *c)
{
    size_t unseen = 0;

    for (size_t i = 0; i < c->count; i++) {
        if (!c->settings->never_fail && rule_report_reaches(&c->reports[i], c->settings->fail_on))
            return CMD_FINDINGS;
        unseen += !c->reports[i].verdict.looked;
    }
    if (unseen == 0)
        return CMD_CLEAN;
    return unseen == c->count ? CMD_UNCHECKED : CMD_PARTLY;
}

static int fail(const base_error *error, int code)
{
    base_error_print(error, stderr);
    return code;
}

static int look(check *c, net_loop *loop, net_route *route)
{
    const settings *s = c->settings;
    probe_options options = {.at = c->at, .concurrency = CONCURRENCY};
    base_error error;
    cmd_wire wire;

    if (!cmd_wire_open(&wire, loop, route, &s->wire, &error)) {
        base_error_wrap(&error, "check");
        return fail(&error, s->wire.cafile != NULL || s->wire.dns_servers != NULL ? CMD_USAGE : CMD_UNCHECKED);
    }
    options.client = &wire.client;
    probe_hosts(&options, c->facts, c->count);
    for (size_t i = 0; i < c->count; i++)
        rule_judge(&c->facts[i], c->at, &c->facts[i].arena, &c->reports[i]);
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
    route = cmd_wire_route(&s->connect_to, &s->resolve, &error);
    if (route == NULL)
        return cmd_refuse("check: %s", error.text);
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

static const base_option options[] = {
    {"connect-to", 0, "H1:P1:H2:P2", "reach H1:P1 at H2:P2, as curl does; may be repeated", base_read_texts,
     offsetof(settings, connect_to)},
    {"resolve", 0, "HOST:PORT:ADDR", "take ADDR[,ADDR] as the addresses of HOST for PORT; may be repeated",
     base_read_texts, offsetof(settings, resolve)},
    {"dns-server", 0, "ADDR", "ask the DNS server at ADDR[:PORT] instead of the system's", base_read_text,
     offsetof(settings, wire.dns_servers)},
    {"cafile", 0, "FILE", "trust the certificates in FILE (PEM) instead of the system's", base_read_text,
     offsetof(settings, wire.cafile)},
    {"timeout", 0, "DURATION", "the most that one host may take, 30s by default", base_read_duration,
     offsetof(settings, wire.timeout)},
    {"fail-on", 0, "SEVERITY", "exit with 1 from this on: error (the default), warning, info, never", read_fail_on,
     offsetof(settings, fail_on)},
    {0},
};

static const settings defaults = {.wire = {.timeout = CMD_TIMEOUT_DEFAULT}, .fail_on = HF_SEVERITY_ERROR};

const cmd_command cmd_check = {
    .name = "check",
    .summary = "looks at hosts as a browser would: HSTS, certificate, and who gets in",
    .usage = "[options] HOST[:PORT]...",
    .common = CMD_JSON | CMD_AT | CMD_QUIET,
    .options = options,
    .settings_size = sizeof(settings),
    .defaults = &defaults,
    .run = run,
};
