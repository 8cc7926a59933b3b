/*
 * holdfast preload check|removable HOST...: would the service behind the preload list take the site, or let it go?
 * Nothing is asked of the service itself.
 */
#include "base/ascii.h"
#include "base/idna.h"
#include "cmd/document.h"
#include "cmd/preload.h"
#include "preload/scan.h"
#include "report/eligibility.h"

#include <string.h>

#define DOCUMENT_MAX ((size_t)64 << 20)

typedef struct checking {
    const cmd_preload_settings *settings;
    preload_scan_options options;
    io_loop *loop;
    bool over;
    base_term term;
    base_json *json; /* NULL: text */
    size_t count, unseen, refused;
} checking;

static void on_scanned(void *self)
{
    checking *c = self;

    c->over = true;
    io_loop_stop(c->loop);
}

/* As the service itself does it before anything else: lower case, and A-labels. */
static const char *as_submitted(const char *text, base_arena *arena)
{
    char *name = base_arena_string(arena, text);
    bool ascii = true;
    hf_host host;

    for (char *c = name; *c != '\0'; c++) {
        ascii = ascii && (unsigned char)*c < 0x80;
        *c = base_ascii_lower(*c);
    }
    if (!ascii && hf_host_parse(text, strlen(text), base_idna(), &host, NULL) == HF_OK)
        return base_arena_copy(arena, host.name, host.length);
    return name;
}

static void read_scan(preload_scan *scan, facts_eligibility *e)
{
    facts_issue *issues = base_arena_take(&scan->arena, (scan->issues.count + 1) * sizeof *issues);

    for (size_t i = 0; i < scan->issues.count; i++) {
        const preload_issue *issue = &scan->issues.items[i];

        issues[i] = (facts_issue){preload_issue_code(issue->id), preload_issue_text(issue->id), issue->proof,
                                  preload_issue_is_error(issue->id)};
    }
    e->issues = issues;
    e->count = scan->issues.count;
    e->errors = scan->issues.errors;
    e->seen = scan->failure == NULL || !facts_code_is_ours(scan->failure->code);
    e->eligible = e->seen && e->errors == 0;
    if (scan->header == NULL)
        return;
    e->header = base_arena_copy(&scan->arena, scan->header->data, scan->header->length);
    e->dispute = preload_header_dispute(*scan->header);
}

static void tell(checking *c, const facts_eligibility *e)
{
    c->count++;
    c->unseen += !e->seen;
    c->refused += e->seen && !e->eligible;
    if (c->json != NULL) {
        report_eligibility_json(e, c->json);
        return;
    }
    if (c->count > 1 && !c->settings->common.quiet)
        base_term_gap(&c->term);
    report_eligibility_text(e, c->settings->common.quiet, &c->term);
}

static void check(checking *c, const char *text)
{
    preload_scan scan = {0};
    facts_eligibility e = {.host = as_submitted(text, &scan.arena), .removal = c->options.aim == PRELOAD_TO_BE_REMOVED};

    c->over = false;
    preload_scan_site(&c->options, e.host, &scan, on_scanned, c);
    if (!c->over)
        io_loop_run(c->loop);
    read_scan(&scan, &e);
    tell(c, &e);
    base_arena_done(&scan.arena);
}

static void check_all(checking *c, const base_operands *hosts)
{
    for (size_t i = 0; i < hosts->count; i++)
        check(c, hosts->items[i]);
}

static bool write_document(checking *c, const base_operands *hosts, base_error *error)
{
    base_buffer out;
    base_json json;

    cmd_document_begin(&out, &json, DOCUMENT_MAX);
    c->json = &json;
    base_json_object_begin(&json);
    base_json_key_time(&json, "at", c->options.now);
    base_json_key(&json, "hosts");
    base_json_array_begin(&json);
    check_all(c, hosts);
    base_json_array_end(&json);
    base_json_object_end(&json);
    c->json = NULL;
    return cmd_document_end(&out, error);
}

static int code_of(const checking *c)
{
    if (c->refused > 0)
        return BASE_EXIT_FINDINGS;
    if (c->unseen == 0)
        return BASE_EXIT_CLEAN;
    return c->unseen == c->count ? BASE_EXIT_UNCHECKED : BASE_EXIT_PARTLY;
}

static int run_on(checking *c, const char *name, http_route *route, const base_operands *hosts)
{
    http_transport_options options = c->settings->wire;
    http_transport wire;
    base_error error;
    int code;

    if (options.as_browser.user_agent == NULL)
        options.as_browser.user_agent = PRELOAD_SCAN_AGENT;
    if (!http_transport_open(&wire, c->loop, route, &options, &error))
        return cmd_preload_fail(
            name, &error, http_transport_was_asked_for(&c->settings->wire) ? BASE_EXIT_USAGE : BASE_EXIT_UNCHECKED);
    c->options.client = &wire.client;
    if (c->settings->common.json && !write_document(c, hosts, &error)) {
        code = cmd_preload_fail(name, &error, BASE_EXIT_UNCHECKED);
    } else {
        if (!c->settings->common.json)
            check_all(c, hosts);
        code = code_of(c);
    }
    c->options.client = NULL;
    http_transport_close(&wire);
    return code;
}

static int run(const cmd_preload_settings *s, const char *name, preload_aim aim, const base_operands *hosts)
{
    checking c = {.settings = s, .options = {.now = cmd_now(&s->common), .aim = aim}};
    base_error error;
    http_route *route;
    int code;

    for (size_t i = 0; i < hosts->count; i++)
        if (!cmd_preload_is_host(name, hosts->items[i]))
            return BASE_EXIT_USAGE;
    route = http_transport_route(&s->wire, &error);
    if (route == NULL)
        return cmd_refuse("preload %s: %s", name, error.text);
    c.loop = io_loop_new();
    base_term_init(&c.term, stdout, s->common.color);
    code = run_on(&c, name, route, hosts);
    io_loop_free(c.loop);
    return code;
}

static int run_check(const cmd_preload_settings *s, const base_operands *hosts)
{
    return run(s, "check", PRELOAD_TO_BE_LISTED, hosts);
}

static int run_removable(const cmd_preload_settings *s, const base_operands *hosts)
{
    return run(s, "removable", PRELOAD_TO_BE_REMOVED, hosts);
}

static const char *const options[] = {"user-agent", "header",  "json", "at",    "quiet",  "cafile",
                                      "connect-to", "resolve", "dns",  "proxy", "column", "private",
                                      "no-private", "ipv4",    "ipv6", NULL};

const cmd_preload_sub cmd_preload_check = {"check", "HOST...", 1, SIZE_MAX, true, options, run_check};
const cmd_preload_sub cmd_preload_removable = {"removable", "HOST...", 1, SIZE_MAX, true, options, run_removable};
