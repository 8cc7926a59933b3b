/*
 * holdfast lab: hosts with one fault each, on this machine; and with --check, whether check names each fault.
 */
#include "lab/lab.h"
#include "agent/sites.h"
#include "base/time.h"
#include "cmd/command.h"
#include "cmd/document.h"
#include "http/transport.h"
#include "report/lab.h"
#include "rules/judge.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define DOCUMENT_MAX ((size_t)1 << 24)
#define CONCURRENCY 8

typedef struct settings {
    cmd_common common;
    bool check;
} settings;

/* -- Serving ------------------------------------------------------------------------------------------------------- */

static bool print_hosts(const settings *s, const lab *l, base_error *error)
{
    facts_lab served = {
        .port = lab_port(l), .cafile = lab_cafile(l), .connect_to = lab_connect_to(l), .dns = lab_dns(l)};
    base_term term;
    base_buffer out;
    base_json json;

    served.hosts = lab_hosts(l, &served.count);
    base_term_init(&term, stdout, s->common.color);
    if (!s->common.json) {
        report_lab_text(&served, &term);
        return true;
    }
    cmd_document_begin(&out, &json, DOCUMENT_MAX);
    report_lab_json(&served, &json);
    return cmd_document_end(&out, error);
}

static int serve(const settings *s, const lab *l, io_loop *loop, base_error *error)
{
    if (!print_hosts(s, l, error))
        return BASE_EXIT_UNCHECKED;
    /* A table that nobody could see is served to nobody. */
    if (fflush(stdout) != 0 || ferror(stdout)) {
        base_error_set(error, "cannot write the output: %s", strerror(errno));
        return BASE_EXIT_UNCHECKED;
    }
    io_loop_run_until_signal(loop);
    return BASE_EXIT_CLEAN;
}

/* -- Checking ------------------------------------------------------------------------------------------------------ */

/* Every host's own way, before the one that is for all. */
static bool add_routes(http_route *route, const lab *l, base_error *error)
{
    size_t count;
    const facts_lab_host *hosts = lab_hosts(l, &count);

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

/*
 * The names of the errors and warnings found, in order, and of the lesser findings that are expected; or what becomes
 * of the STS * field.
 */
static const char *in_words(const facts_verdict *verdict, const finding_judgement *judgement, const char *expected,
                            base_arena *arena)
{
    const char *words = NULL;

    for (size_t i = 0; i < judgement->findings.count; i++) {
        const rule_entry *rule = rule_find(judgement->findings.items[i].rule);

        if (rule->severity >= HF_SEVERITY_WARNING || is_among(rule->name, expected))
            words = words == NULL ? rule->name : base_arena_format(arena, "%s, %s", words, rule->name);
    }
    if (words != NULL)
        return words;
    if (!verdict->looked)
        return "not-looked";
    return verdict->in_force ? "hsts-in-force" : "hsts-not-in-force";
}

static void judge(facts_site *site, const facts_lab_host *host, int64_t now, facts_lab_result *result)
{
    finding_judgement judgement;

    rule_judge(site, now, &site->arena, &judgement);
    result->host = host;
    result->found = in_words(&site->verdict, &judgement, host->expected, &site->arena);
    result->summary = judgement.summary;
    result->agrees = strcmp(result->found, host->expected) == 0;
}

/* The results' texts lie in the sites. */
static void probe_lab(const http_client *client, const facts_lab_host *hosts, size_t count, int64_t now,
                      facts_site *sites, facts_lab_result *results)
{
    const agent_judging judging = {.now = now};

    for (size_t i = 0; i < count; i++) {
        hf_host host;

        if (hf_host_parse(hosts[i].name, strlen(hosts[i].name), NULL, &host, NULL) == HF_OK) {
            facts_site_init(&sites[i], &host, 443);
            sites[i].http_port = 80;
            sites[i].depth = FACTS_DEPTH_FULL;
        }
    }
    agent_look(client, &judging, sites, count, CONCURRENCY);
    for (size_t i = 0; i < count; i++)
        judge(&sites[i], &hosts[i], now, &results[i]);
}

static bool print_results(const settings *s, const facts_lab_result *results, size_t count, base_error *error)
{
    base_term term;
    base_buffer out;
    base_json json;

    base_term_init(&term, stdout, s->common.color);
    if (!s->common.json) {
        report_lab_results_text(results, count, &term);
        return true;
    }
    cmd_document_begin(&out, &json, DOCUMENT_MAX);
    report_lab_results_json(results, count, &json);
    return cmd_document_end(&out, error);
}

static int check(const settings *s, const lab *l, const http_client *client, base_error *error)
{
    size_t count;
    const facts_lab_host *hosts = lab_hosts(l, &count);
    facts_site *sites = base_allocate(count * sizeof *sites);
    facts_lab_result *results = base_allocate(count * sizeof *results);
    int code = BASE_EXIT_CLEAN;

    probe_lab(client, hosts, count, cmd_now(&s->common), sites, results);
    for (size_t i = 0; i < count; i++)
        code = results[i].agrees ? code : BASE_EXIT_FINDINGS;
    if (!print_results(s, results, count, error))
        code = BASE_EXIT_UNCHECKED;
    for (size_t i = 0; i < count; i++)
        facts_site_done(&sites[i]);
    free(sites);
    free(results);
    return code;
}

/* -- Both ---------------------------------------------------------------------------------------------------------- */

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
    int64_t now = cmd_now(&s->common);
    base_error error = {{0}};
    io_loop *loop;
    lab *l;
    int code = BASE_EXIT_UNCHECKED;

    if (operands->count > 0)
        return cmd_refuse("lab: '%s' is one too many: lab takes no operand", BASE_CUT(operands->items[0]));
    if (now < LAB_SPAN || now + LAB_SPAN > BASE_TIME_LAST)
        return cmd_refuse("lab: --at: the lab's certificates begin ten years before and end ten years after, and "
                          "browsers know only the years 1970 to 9999");
    loop = io_loop_new();
    l = lab_new(loop, now, &error);
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
