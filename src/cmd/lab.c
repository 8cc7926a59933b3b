/*
 * holdfast lab: hosts with one fault each, on this machine; and with --check, whether check names each fault.
 */
#include "lab/lab.h"
#include "base/json.h"
#include "base/table.h"
#include "base/time.h"
#include "cmd/commands.h"
#include "http/transport.h"
#include "probe/probe.h"
#include "rules/judge.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define CONCURRENCY 8
#define WORDS_WIDTH 56 /* of the last column, so that a line is no wider than 120 */
#define WORDS_WIDTH 56 /* of the last column, so that a line is no wider than 120 */
#define DOCUMENT_MAX ((size_t)1 << 24)

typedef struct settings {
    cmd_common common;
    bool check;
} settings;

/* What a check found on one host of the lab. */
typedef struct result {
    const lab_host *host;
    facts_site site;
    finding_judgement judgement;
    const char *found; /* in the words of lab_host.expected */
    bool agrees;
} result;

static bool write_json(base_buffer *out, base_error *error)
{
    bool written;

    base_buffer_char(out, '\n');
    written = base_buffer_flush(out, stdout, error);
    base_buffer_done(out);
    return written;
}

static void begin_host(base_json *json, const lab_host *host)
{
    base_json_object_begin(json);
    base_json_key_string(json, "host", host->name);
    base_json_key_string(json, "fault", host->fault);
    base_json_key(json, "connect_to");
    base_json_array_begin(json);
    for (size_t i = 0; host->connect_to[i] != NULL; i++)
        base_json_string(json, host->connect_to[i]);
    base_json_array_end(json);
    base_json_key_string(json, "expected", host->expected);
}

/* -- Serving ------------------------------------------------------------------------------------------------------------------ */

static const char *command_for(const lab *l, const lab_host *host, base_arena *arena)
{
    const char *command = base_arena_format(arena, "holdfast check %s", host->name);

    for (size_t i = 0; host->connect_to[i] != NULL; i++)
        command = base_arena_format(arena, "%s --connect-to %s", command, host->connect_to[i]);
    return base_arena_format(arena, "%s --cafile %s --public-roots %s --dns %s", command, lab_cafile(l), lab_cafile(l),
                             lab_dns(l));
}

static void print_hosts(const lab *l, base_arena *arena, base_term *term)
{
    base_table table;
    size_t count;
    const lab_host *hosts = lab_hosts(l, &count);

    base_term_line(term, BASE_STYLE_BOLD, "%zu hosts on port %d of 127.0.0.1, over HTTPS and HTTP; their DNS at %s",
                   count, lab_port(l), lab_dns(l));
    base_term_gap(term);
    base_table_init(&table, 2);
    for (size_t i = 0; i < count; i++) {
        base_table_add(&table, BASE_STYLE_BOLD, hosts[i].name);
        base_table_add(&table, BASE_STYLE_PLAIN,
                       hosts[i].connect_to[1] == NULL ? hosts[i].fault
                                                      : base_arena_format(arena, "%s (put --connect-to %s first)",
                                                                          hosts[i].fault, hosts[i].connect_to[0]));
    }
    base_table_print(&table, term, 2);
    base_table_done(&table);
    base_term_gap(term);
    base_term_line(term, BASE_STYLE_PLAIN, "Try, with any of them in place of the first:");
    base_term_line(term, BASE_STYLE_PLAIN, "  %s", command_for(l, &hosts[0], arena));
    base_term_line(term, BASE_STYLE_PLAIN, "  curl -v --cacert %s --connect-to %s https://%s/", lab_cafile(l),
                   lab_connect_to(l), hosts[0].name);
    base_term_gap(term);
    base_term_line(term, BASE_STYLE_DIM, "Serving until Ctrl-C.");
}

static bool print_hosts_json(const lab *l, base_arena *arena, base_error *error)
{
    base_buffer out;
    base_json json;
    size_t count;
    const lab_host *hosts = lab_hosts(l, &count);

    base_buffer_init(&out, DOCUMENT_MAX);
    base_json_init(&json, &out, true);
    base_json_object_begin(&json);
    base_json_key_string(&json, "cafile", lab_cafile(l));
    base_json_key_int(&json, "port", lab_port(l));
    base_json_key_string(&json, "connect_to", lab_connect_to(l));
    base_json_key_string(&json, "dns", lab_dns(l));
    base_json_key(&json, "hosts");
    base_json_array_begin(&json);
    for (size_t i = 0; i < count; i++) {
        begin_host(&json, &hosts[i]);
        base_json_key_string(&json, "command", command_for(l, &hosts[i], arena));
        base_json_object_end(&json);
    }
    base_json_array_end(&json);
    base_json_object_end(&json);
    return write_json(&out, error);
}

static int serve(const settings *s, const lab *l, io_loop *loop, base_error *error)
{
    base_arena arena = {0};
    base_term term;
    bool told = true;

    base_term_init(&term, stdout, s->common.color);
    if (s->common.json)
        told = print_hosts_json(l, &arena, error);
    else
        print_hosts(l, &arena, &term);
    /* A table that nobody could see is served to nobody. */
    if (told && (fflush(stdout) != 0 || ferror(stdout))) {
        base_error_set(error, "cannot write the output: %s", strerror(errno));
        told = false;
    }
    base_arena_done(&arena);
    if (!told)
        return BASE_EXIT_UNCHECKED;
    io_loop_run_until_signal(loop);
    return BASE_EXIT_CLEAN;
}

/* -- Checking ----------------------------------------------------------------------------------------------------------------- */

/* Every host's own way, before the one that is for all. */
static bool add_routes(http_route *route, const lab *l, base_error *error)
{
    size_t count;
    const lab_host *hosts = lab_hosts(l, &count);

    for (size_t i = 0; i < count; i++)
        if (hosts[i].connect_to[1] != NULL && !http_route_add_connect_to(route, hosts[i].connect_to[0], error))
            return false;
    return http_route_add_connect_to(route, lab_connect_to(l), error);
}

/* Is `name` one of the words of "a, b, c"? */
static bool is_among(const char *name, const char *words)
{
    size_t length = strlen(name);

    for (const char *at = words; (at = strstr(at, name)) != NULL; at += length)
        if ((at == words || at[-1] == ' ') && (at[length] == ',' || at[length] == '\0'))
            return true;
    return false;
}

/* The names of the errors and warnings found, in order, and of the lesser findings that are expected; or what becomes of the STS
 * field. */
static const char *in_words(const finding_judgement *judgement, const char *expected, base_arena *arena)
{
    const char *words = NULL;

    for (size_t i = 0; i < judgement->findings.count; i++) {
        const rule_entry *rule = rule_find(judgement->findings.items[i].rule);

        if (rule->severity >= HF_SEVERITY_WARNING || is_among(rule->name, expected))
            words = words == NULL ? rule->name : base_arena_format(arena, "%s, %s", words, rule->name);
    }
    if (words != NULL)
        return words;
    if (!judgement->verdict.looked)
        return "not-looked";
    return judgement->verdict.in_force ? "hsts-in-force" : "hsts-not-in-force";
}

static void probe_lab(const http_client *client, const lab_host *hosts, size_t count, int64_t at, result *results)
{
    facts_site *sites = base_allocate(count * sizeof *sites);
    probe_options options = {.client = client, .at = at, .concurrency = CONCURRENCY};

    for (size_t i = 0; i < count; i++) {
        hf_host host;

        if (hf_host_parse(hosts[i].name, strlen(hosts[i].name), NULL, &host, NULL) == HF_OK) {
            facts_site_init(&sites[i], &host, 443);
            sites[i].http_port = 80;
            sites[i].depth = FACTS_DEPTH_FULL;
        }
    }
    probe_sites(&options, sites, count);
    for (size_t i = 0; i < count; i++) {
        result *r = &results[i];

        r->host = &hosts[i];
        r->site = sites[i];
        rule_judge(&r->site, at, &r->site.arena, &r->judgement);
        r->found = in_words(&r->judgement, r->host->expected, &r->site.arena);
        r->agrees = strcmp(r->found, r->host->expected) == 0;
    }
    free(sites);
}

/* How much of `text`, words with ", " between them, stands in one line; all that is left, or up to a comma. */
static size_t line_length(const char *text)
{
    size_t length = strcspn(text, ",");

    while (text[length] == ',') {
        size_t more = length + 1 + strcspn(text + length + 1, ",");

        if (more > WORDS_WIDTH)
            return length + 1;
        length = more;
    }
    return length;
}

/* What is too long for a line goes on below. */
static void add_result(base_table *table, const result *r, base_arena *arena)
{
    const char *name = r->host->name, *fault = r->host->fault;
    const char *text =
        r->agrees ? base_arena_format(arena, "expected and found %s", r->found)
                  : base_arena_format(arena, "expected %s, found %s: NOT AS EXPECTED", r->host->expected, r->found);

    while (*text != '\0') {
        size_t length = line_length(text);

        base_table_add(table, BASE_STYLE_BOLD, name);
        base_table_add(table, BASE_STYLE_PLAIN, fault);
        base_table_add(table, r->agrees ? BASE_STYLE_GOOD : BASE_STYLE_BAD,
                       base_arena_format(arena, "%s%.*s", *name != '\0' ? "" : "  ", (int)length, text));
        name = fault = "";
        text += length;
        text += *text == ' ';
    }
}

static void print_results(const result *results, size_t count, base_term *term)
{
    base_table table;
    base_arena arena = {0};

    base_table_init(&table, 3);
    for (size_t i = 0; i < count; i++)
        add_result(&table, &results[i], &arena);
    base_arena_done(&arena);
    base_table_print(&table, term, 0);
    base_table_done(&table);
}

static bool print_results_json(const result *results, size_t count, bool agreed, base_error *error)
{
    base_buffer out;
    base_json json;

    base_buffer_init(&out, DOCUMENT_MAX);
    base_json_init(&json, &out, true);
    base_json_object_begin(&json);
    base_json_key_bool(&json, "agreed", agreed);
    base_json_key(&json, "hosts");
    base_json_array_begin(&json);
    for (size_t i = 0; i < count; i++) {
        begin_host(&json, results[i].host);
        base_json_key_string(&json, "found", results[i].found);
        base_json_key_bool(&json, "agrees", results[i].agrees);
        base_json_key_string(&json, "summary", results[i].judgement.verdict.summary);
        base_json_object_end(&json);
    }
    base_json_array_end(&json);
    base_json_object_end(&json);
    return write_json(&out, error);
}

/* True if every host was found as expected. */
static bool report_results(const settings *s, const result *results, size_t count, base_error *error, bool *written)
{
    size_t agreed = 0;
    base_term term;

    for (size_t i = 0; i < count; i++)
        agreed += results[i].agrees;
    *written = true;
    if (s->common.json) {
        *written = print_results_json(results, count, agreed == count, error);
        return agreed == count;
    }
    base_term_init(&term, stdout, s->common.color);
    print_results(results, count, &term);
    base_term_line(&term, agreed == count ? BASE_STYLE_GOOD : BASE_STYLE_BAD, "%zu of %zu hosts found as expected",
                   agreed, count);
    return agreed == count;
}

static int check(const settings *s, const lab *l, const http_client *client, base_error *error)
{
    size_t count;
    const lab_host *hosts = lab_hosts(l, &count);
    result *results = base_allocate(count * sizeof *results);
    bool agreed, written;

    probe_lab(client, hosts, count, cmd_now(&s->common), results);
    agreed = report_results(s, results, count, error, &written);
    for (size_t i = 0; i < count; i++)
        facts_site_done(&results[i].site);
    free(results);
    if (!written)
        return BASE_EXIT_UNCHECKED;
    return agreed ? BASE_EXIT_CLEAN : BASE_EXIT_FINDINGS;
}

/* -- Both --------------------------------------------------------------------------------------------------------------------- */

static int run_check(const settings *s, const lab *l, io_loop *loop, base_error *error)
{
    http_route *route = http_route_new();
    const http_transport_options options = {.cafile = lab_cafile(l),
                                            .public_roots = lab_cafile(l),
                                            .dns_servers = lab_dns(l),
                                            .timeout = HTTP_TIMEOUT_DEFAULT,
                                            .proxy = ""};
    http_transport wire;
    int code = BASE_EXIT_UNCHECKED;

    if (!http_transport_open(&wire, loop, route, &options, error))
        return code;
    if (add_routes(route, l, error))
        code = check(s, l, &wire.client, error);
    http_transport_close(&wire);
    return code;
}

static int run(void *storage, const base_operands *operands)
{
    const settings *s = storage;
    int64_t at = cmd_now(&s->common);
    base_error error = {{0}};
    io_loop *loop;
    lab *l;
    int code = BASE_EXIT_UNCHECKED;

    if (operands->count > 0)
        return cmd_refuse("lab: '%s' is one too many: lab takes no operand", BASE_CUT(operands->items[0]));
    if (at - LAB_SPAN < BASE_TIME_FIRST || at + LAB_SPAN > BASE_TIME_LAST)
        return cmd_refuse("lab: --at: the lab's certificates begin ten years before and end ten years after, and X.509 "
                          "knows only the years 0000 to 9999");
    loop = io_loop_new();
    l = lab_new(loop, at, &error);
    if (l != NULL)
        code = s->check ? run_check(s, l, loop, &error) : serve(s, l, loop, &error);
    lab_free(l);
    io_loop_free(loop);
    if (error.text[0] != '\0')
        base_error_print(&error, stderr);
    return code;
}

static const base_option lab_options[] = {
    {"check", 0, NULL, "check every host of the lab, and compare with what is expected", NULL,
     offsetof(settings, check)},
    {0},
};

const cmd_command cmd_lab = {
    .name = "lab",
    .summary = "hosts with one fault each, on this machine, to try everything on",
    .usage = "[options]",
    .common = CMD_JSON | CMD_AT,
    .options = lab_options,
    .settings_size = sizeof(settings),
    .run = run,
};
