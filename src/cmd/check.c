/*
 * holdfast check HOST[:PORT]|URL...: looks at sites as a browser would, and says what it thinks of their HSTS. With
 * --chain it judges files before they are served.
 */
#include "agent/sites.h"
#include "base/domain.h"
#include "base/host_port.h"
#include "base/idna.h"
#include "cmd/check_below.h"
#include "cmd/check_chain.h"
#include "cmd/check_files.h"
#include "cmd/check_history.h"
#include "cmd/check_lists.h"
#include "cmd/command.h"
#include "cmd/engine.h"
#include "cmd/fail_on.h"
#include "cmd/hosts.h"
#include "http/transport.h"
#include "http/url.h"
#include "report/report.h"
#include "rules/judge.h"

#include <stdlib.h>
#include <string.h>

#define CONCURRENCY 32
#define WHOLE_MAX 7 /* hosts whose facts are printed, without --verbose */

typedef struct settings {
    cmd_common common;
    http_transport_options wire;
    int http_port; /* 0: not given */
    preload_lists_options lists;
    bool no_http, no_www, tls;
    base_texts also_names;
    facts_depth depth;
    const char *column;
    cmd_below_options below;
    cmd_fail_on fail_on;
    facts_warn_before warn_before;
    const char *history; /* NULL: not given */
    facts_engine engine;
    const report_format *format; /* NULL: not given */
    cmd_chain_options chain;
    cmd_check_files_options files;
} settings;

typedef struct check {
    const settings *settings;
    int64_t at;
    preload_lists lists;
    rollout_records history;
    cmd_hosts hosts;
    cmd_below below;
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
    http_url url;

    if (http_url_read_named(text, strlen(text), &arena, &url, error)) {
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
    if (*text == '\0') {
        base_error_set(error, "an empty operand: HOST, HOST:PORT or a URL is asked for");
        return false;
    }
    /* A browser would pass over them, and look at another host than the one that is read here. */
    for (size_t i = 0; text[i] != '\0'; i++)
        if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
            return refuse_at(error, text, "a control character", i);
    if (!(http_url_is_named(text, strlen(text)) ? read_url(text, site, error) : read_host(s, text, site, error)))
        return false;
    if (s->http_port != 0)
        site->http_port = s->http_port;
    if (s->no_http)
        site->http_port = 0;
    site->depth = s->depth;
    site->warn_before = s->warn_before;
    site->offers.wanted = s->tls;
    return read_also_names(s, site, error);
}

static bool read_operands(check *c, const base_operands *hosts, base_error *error)
{
    if (!cmd_below_is_sane(&c->settings->below, error) || !cmd_hosts_read(&c->hosts, hosts, c->settings->column, error))
        return false;
    c->count = c->hosts.count;
    c->sites = base_allocate(c->count * sizeof *c->sites);
    c->judgements = base_allocate(c->count * sizeof *c->judgements);
    for (size_t i = 0; i < c->count; i++)
        if (!read_operand(c->settings, c->hosts.items[i].text, &c->sites[i], error)) {
            cmd_hosts_place(&c->hosts.items[i], error);
            return false;
        }
    for (size_t i = 0; i < c->count; i++)
        cmd_check_lists(&c->lists, c->at, &c->sites[i]);
    return cmd_below_read(&c->below, &c->settings->below, c->settings->column, c->sites, c->count, error);
}

static void check_done(check *c)
{
    preload_lists_close(&c->lists);
    rollout_records_done(&c->history);
    for (size_t i = 0; i < c->count; i++)
        facts_site_done(&c->sites[i]);
    free(c->sites);
    free(c->judgements);
    cmd_below_done(&c->below);
    cmd_hosts_done(&c->hosts);
}

/* Of many hosts nobody reads everything; --verbose shows it all the same. */
static report_extent extent_of(const check *c)
{
    const cmd_common *common = &c->settings->common;

    if (common->quiet)
        return REPORT_BRIEF;
    if (common->verbose)
        return REPORT_ALL;
    return c->count <= WHOLE_MAX ? REPORT_WHOLE : REPORT_FINDINGS;
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
    written = format->write(items, c->count, extent_of(c), &term, error);
    free(items);
    return written;
}

/* -- The chain that should be sent --------------------------------------------------------------------------------- */

static const facts_tls nothing_seen;

static bool mend(const check *c, const http_transport *wire, facts_site *site, base_error *error)
{
    const facts_exchange *https = facts_site_https(site);
    const cmd_chain_asking asking = {.options = &c->settings->chain,
                                     .wire = wire,
                                     .now = c->at,
                                     .host = &site->host,
                                     .sent = https != NULL ? &https->tls : &nothing_seen};

    return cmd_chain_mend(&asking, &site->arena, &site->mended, error);
}

static bool mend_all(const check *c, const http_transport *wire, base_error *error)
{
    for (size_t i = 0; cmd_chain_is_wanted(&c->settings->chain) && i < c->count; i++)
        if (!mend(c, wire, &c->sites[i], error))
            return false;
    return true;
}

/* Nothing that is read may be written to. */
static bool claim(const check *c, base_error *error)
{
    base_claims claims = {0};
    bool good = http_transport_claim(&c->settings->wire, &claims, error);

    good = good && (c->settings->lists.image == NULL ||
                    base_claims_add_path(&claims, c->settings->lists.image, "--preload", false, error));
    for (size_t i = 0; good && i < c->hosts.count; i++)
        good = c->hosts.items[i].list == NULL ||
               base_claims_add_path(&claims, c->hosts.items[i].list, "the list", false, error);
    good = good && (c->settings->history == NULL ||
                    base_claims_add_path(&claims, c->settings->history, "--history", false, error));
    good = good && cmd_below_claim(&c->settings->below, &claims, error) &&
           cmd_chain_claim(&c->settings->chain, &claims, error);
    base_claims_done(&claims);
    return good;
}

static bool check_chain(const check *c, base_error *error)
{
    if (c->settings->chain.write == NULL)
        return true;
    if (!claim(c, error))
        return false;
    if (c->count == 1)
        return true;
    base_error_set(error, "--write-chain writes the chain of one host, and %zu are given", c->count);
    return false;
}

/* -- The end ------------------------------------------------------------------------------------------------------- */

/* A finding outweighs what could not be looked at. */
static int exit_code(const check *c)
{
    size_t unseen = 0, partly = 0;

    for (size_t i = 0; i < c->count; i++) {
        if (cmd_fail_on_meets(&c->settings->fail_on, &c->judgements[i].findings))
            return BASE_EXIT_FINDINGS;
        unseen += !c->sites[i].verdict.looked;
        partly += !c->sites[i].verdict.complete;
    }
    if (unseen == c->count)
        return BASE_EXIT_UNCHECKED;
    return cmd_chain_exit(&c->settings->chain, &c->sites[0].mended, partly > 0 ? BASE_EXIT_PARTLY : BASE_EXIT_CLEAN);
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
    cmd_below_look(&c->below, client, &judging, c->sites, c->count);
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
    if (!mend_all(c, &wire, &error)) {
        http_transport_close(&wire);
        return cmd_refuse("check: %s", error.text);
    }
    for (size_t i = 0; i < c->count; i++)
        cmd_check_history(s->history != NULL ? &c->history : NULL, c->at, &c->sites[i]);
    for (size_t i = 0; i < c->count; i++)
        rule_judge(&c->sites[i], c->at, &c->sites[i].arena, &c->judgements[i]);
    rule_judge_together(c->sites, c->judgements, c->count);
    http_transport_close(&wire);
    return write_report(c, &error) ? exit_code(c) : fail(&error, BASE_EXIT_UNCHECKED);
}

/* Of the options of sites those count that say what is trusted, where something is asked, and how it is told. */
static int judge_files(const settings *s, const base_operands *hosts)
{
    const cmd_check_files_run run = {.options = &s->files,
                                     .common = &s->common,
                                     .wire = &s->wire,
                                     .chain = &s->chain,
                                     .json = s->common.json || s->format == report_find("json"),
                                     .fail_on = &s->fail_on,
                                     .warn_before = s->warn_before};

    if (hosts->count > 0)
        return cmd_refuse("check: --chain takes no HOST: the files are judged for the names that --for gives");
    if (s->files.keys.count > 0 && s->files.keys.count != s->files.chains.count)
        return cmd_refuse("check: --chain is given %zu times, and --key %zu times: each chain has its key",
                          s->files.chains.count, s->files.keys.count);
    if (s->chain.write != NULL && s->files.chains.count > 1)
        return cmd_refuse("check: --write-chain writes the chain of one file, and --chain is given %zu times",
                          s->files.chains.count);
    if (s->format != NULL && s->common.json)
        return cmd_refuse("check: --json and --format contradict each other");
    if (s->also_names.count > 0)
        return cmd_refuse("check: --also-name is about a HOST: with --chain it is --for NAME");
    if (s->history != NULL || s->tls || s->engine != FACTS_ENGINE_ANY || s->lists.image != NULL ||
        s->below.names.count + s->below.zones.count + s->below.servers.count > 0)
        return cmd_refuse("check: --as, --axfr, --history, --names, --preload, --tls and --zone are about a HOST, and "
                          "--chain takes none");
    return cmd_check_files(&run);
}

static size_t count_streams(const char *const *items, size_t count)
{
    size_t streams = 0;

    for (size_t i = 0; i < count; i++)
        streams += strcmp(items[i], "-") == 0;
    return streams;
}

static bool is_stdin_twice(const settings *s, const base_operands *hosts)
{
    return count_streams((const char *const *)hosts->items, hosts->count) +
               count_streams(s->below.names.items, s->below.names.count) +
               count_streams(s->below.zones.items, s->below.zones.count) +
               count_streams(&s->history, s->history != NULL) >
           1;
}

static int run(void *storage, const base_operands *hosts)
{
    settings *s = storage;
    check c = {.settings = s, .at = cmd_now(&s->common)};
    io_loop *loop;
    http_route *route;
    base_error error;
    int code;

    if (s->files.chains.count > 0)
        return judge_files(s, hosts);
    if (s->files.keys.count > 0 || s->files.names.count > 0)
        return cmd_refuse("check: --key and --for belong to --chain");
    if (hosts->count == 0)
        return cmd_refuse("check: a HOST is missing: holdfast check example.com");
    if (s->wire.timeout == 0)
        return cmd_refuse("check: --timeout: a timeout of 0 leaves no time to look");
    if (s->lists.image != NULL && s->lists.none)
        return cmd_refuse("check: --preload and --no-preload contradict each other");
    if (is_stdin_twice(s, hosts))
        return cmd_refuse("check: standard input can be read once: name a file in place of one '-'");
    if (s->tls && s->depth != FACTS_DEPTH_FULL)
        return cmd_refuse("check: --tls needs --depth full");
    if (s->format != NULL && s->common.json)
        return cmd_refuse("check: --json and --format contradict each other");
    if (!preload_lists_open(&c.lists, &s->lists, c.at, &error))
        return cmd_refuse("check: --preload: %s", error.text);
    if (s->history != NULL && !rollout_records_read(&c.history, s->history, &error)) {
        check_done(&c);
        return cmd_refuse("check: --history: %s", error.text);
    }
    if (!s->wire.with_private && cmd_hosts_are_foreign(hosts, &s->wire))
        s->wire.no_private = true;
    route = http_transport_route(&s->wire, &error);
    if (route == NULL) {
        check_done(&c);
        return cmd_refuse("check: %s", error.text);
    }
    loop = io_loop_new();
    if (!read_operands(&c, hosts, &error) || !check_chain(&c, &error)) {
        http_route_free(route);
        code = cmd_refuse("check: %s", error.text);
    } else {
        code = look(&c, loop, route);
    }
    io_loop_free(loop);
    check_done(&c);
    return code;
}

static bool read_warn_before(const char *text, void *target, base_error *error)
{
    return facts_warn_before_read(text, target, error);
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
    CMD_BELOW_OPTIONS(settings),
    {"timeout", 0, "DURATION", "the most that one site may take, 30s by default", base_read_duration,
     offsetof(settings, wire.timeout)},
    {"depth", 0, "DEPTH", "how much is checked: full, or standard: no further addresses, records and answers",
     read_depth, offsetof(settings, depth)},
    {"column", 0, "NAME", "the column of CSV lists that has the hosts; else the first, or one headed host",
     base_read_text, offsetof(settings, column)},
    {"tls", 0, NULL, "find every protocol and cipher that the server offers; needs full depth", NULL,
     offsetof(settings, tls)},
    {"fetch-aia", 0, NULL, "ask for missing certificates where the chain says they are: this asks a third party", NULL,
     offsetof(settings, chain.fetch)},
    {"write-chain", 0, "FILE", "write the chain that every browser accepts to FILE (PEM), if there is one",
     base_read_text, offsetof(settings, chain.write)},
    {"chain", 0, "FILE", "judge the certificates in FILE before they are served; no HOST; may be repeated",
     base_read_texts, offsetof(settings, files.chains)},
    {"key", 0, "FILE", "the private key that is to be used with --chain (PEM); may be repeated", base_read_texts,
     offsetof(settings, files.keys)},
    {"for", 0, "NAME", "the files of --chain are for NAME; may be repeated", base_read_texts,
     offsetof(settings, files.names)},
    {"warn-before", 0, "TIME",
     "how early a certificate's end is reported: a duration, or a share of its life such as 33%", read_warn_before,
     offsetof(settings, warn_before)},
    {"history", 0, "FILE", "what was served before, to say until when earlier visitors hold a policy", base_read_text,
     offsetof(settings, history)},
    {"format", 0, "FORMAT", "how the report is written: " REPORT_FORMAT_NAMES, read_format, offsetof(settings, format)},
    CMD_ENGINE_OPTION(settings, "judge as one browser: chromium, firefox or safari"),
    {"fail-on", 0, "WHAT", "exit with 1 on: error (the default), warning, info, never, or ids of findings",
     cmd_fail_on_read, offsetof(settings, fail_on)},
    {0},
};

static const settings defaults = {.lists = PRELOAD_LISTS_DEFAULTS,
                                  .wire = {.timeout = HTTP_TIMEOUT_DEFAULT, .tells_roots = true, .patient = true},
                                  .depth = FACTS_DEPTH_FULL};

const cmd_command cmd_check = {
    .name = "check",
    .summary = "looks at sites as a browser would: HSTS, certificate, and who gets in",
    .usage = "[options] HOST[:PORT]|URL|FILE|-... | --chain FILE [--key FILE] [--for NAME]...",
    .common = CMD_JSON | CMD_AT | CMD_QUIET | CMD_VERBOSE,
    .options = options,
    .settings_size = sizeof(settings),
    .defaults = &defaults,
    .run = run,
};
