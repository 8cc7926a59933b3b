/*
 * holdfast probe [-|FILE|HOST...]: touches any number of hosts, politely and fast, and writes a line of facts for each.
 */
#include "agent/verdict.h"
#include "batch/batch.h"
#include "batch/schedule.h"
#include "batch/targets.h"
#include "batch/worker.h"
#include "cmd/command.h"
#include "report/probe_line.h"
#include "report/tally.h"
#include "rules/judge.h"
#include "rules/sts_field.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CONCURRENCY 256
#define PER_DOMAIN 4
#define PER_ADDRESS 16
#define RETRIES 1
#define RETRIES_MAX 100
#define TIMEOUT_MAX INT64_C(86400000) /* milliseconds: longer is never */

#define IDENTITY_MAX 256

typedef struct settings {
    cmd_common common;
    bool jsonl;
    http_transport_options wire;
    batch_options batch;
} settings;

static bool check_settings(const settings *s, const base_operands *operands)
{
    if (operands->count == 0)
        cmd_refuse("probe: nothing to probe: give a HOST, a FILE with a host a line, or - for standard input");
    else if (s->common.json && s->jsonl)
        cmd_refuse("probe: --json and --jsonl contradict each other");
    else if (s->batch.resume != NULL && s->batch.output == NULL)
        cmd_refuse("probe: --resume needs --output FILE: what was printed cannot be taken back");
    else if (s->batch.resume != NULL && s->common.json)
        cmd_refuse("probe: --resume goes on with lines, not with one document: --jsonl");
    else
        return true;
    return false;
}

/* Each process makes its own; here it is only seen whether it can be made. */
static bool check_route(const settings *s)
{
    base_error error;
    http_route *route = http_transport_route(&s->wire, &error);

    if (route == NULL)
        cmd_refuse("probe: %s", error.text);
    http_route_free(route);
    return route != NULL;
}

/* Lists that hold each other's names are fine, and so are two outputs that are the same terminal or pipe. */
static bool claim(const settings *s, const base_operands *operands, base_error *error)
{
    base_claims claims = {0};
    bool good = http_transport_claim(&s->wire, &claims, error);

    for (size_t i = 0; good && i < operands->count; i++)
        good = base_claims_add_path(&claims, operands->items[i], "the list", false, error);
    good = good &&
           base_claims_add_path(&claims, s->batch.output != NULL ? s->batch.output : "-", "the output", true, error);
    good =
        good && (s->batch.resume == NULL || base_claims_add_path(&claims, s->batch.resume, "the state", true, error));
    base_claims_done(&claims);
    return good;
}

static bool check_files(const settings *s, const base_operands *operands)
{
    base_error error;

    if (claim(s, operands, &error))
        return true;
    cmd_refuse("probe: %s", error.text);
    return false;
}

/* So many processes as this one may use processors. They are started only when there is work for them. */
static int64_t processors(void)
{
    long count = sysconf(_SC_NPROCESSORS_ONLN);

    return count < 1 ? 1 : count > BATCH_JOBS_MAX ? BATCH_JOBS_MAX : count;
}

static bool is_colored(const settings *s)
{
    base_term term;

    base_term_init(&term, stdout, s->common.color);
    return term.colored && (s->batch.output == NULL || s->common.color == BASE_COLOR_ALWAYS);
}

/* -- What becomes of a host, and of the run ------------------------------------------------------------------------ */

static void judge(void *self, const facts_probed *probed, batch_result *result, base_buffer *line)
{
    const facts_sts_field sts = rule_sts_field(probed->host, probed->https, probed->now, NULL);
    const agent_judging judging = {.now = probed->now};
    finding_judgement judgement;

    result->in_force = sts.in_force;
    if (probed->site == NULL) {
        report_probe_line(self, probed, &sts, NULL, line);
        return;
    }
    agent_judge_seen(&judging, probed->site);
    rule_judge(probed->site, probed->now, &probed->site->arena, &judgement);
    result->partly = !probed->site->verdict.complete;
    result->errors = (uint32_t)finding_count(&judgement.findings, HF_SEVERITY_ERROR);
    result->warnings = (uint32_t)finding_count(&judgement.findings, HF_SEVERITY_WARNING);
    report_probe_line(self, probed, &sts, &judgement.findings, line);
}

static void refuse(void *self, const facts_refused *refused, base_buffer *line)
{
    report_refused_line(self, refused, line);
}

/* The end of the one document of --json. */
static void finish_document(void *self, const facts_tally *tally, const facts_cost *cost, base_buffer *out)
{
    base_json json;

    (void)self;
    base_buffer_text(out, "\n],\"summary\":");
    base_json_init(&json, out, false);
    report_tally_json(tally, cost, &json);
    base_buffer_text(out, "}\n");
}

static void say_how_to_continue(const settings *s, const batch_outcome *outcome)
{
    base_error hint;

    if (outcome->resumable)
        base_error_set(&hint, "%s at %" PRIu64 " hosts; the same command goes on from there, by %s",
                       outcome->failed ? "ended" : "interrupted", outcome->tally.hosts, s->batch.resume);
    else
        base_error_set(&hint,
                       "interrupted at %" PRIu64 " hosts; with --resume STATE --output FILE a run can be gone on with",
                       outcome->tally.hosts);
    base_error_print(&hint, stderr);
}

static void tell(const settings *s, batch_outcome *outcome)
{
    base_error hint;
    base_term term;

    if (outcome->complete) {
        base_error_set(&hint, "probe: --resume: the run of %s is complete: remove it to begin anew", s->batch.resume);
        base_error_print(&hint, stderr);
    }
    if (outcome->went_through && !s->common.quiet) {
        base_term_init(&term, stderr, s->common.color);
        report_tally_text(&outcome->tally, &outcome->cost, &term);
    }
    if (outcome->failed) {
        base_error_wrap(&outcome->error, "probe");
        base_error_print(&outcome->error, stderr);
    }
    if (outcome->resumable || (outcome->stopped && !outcome->failed))
        say_how_to_continue(s, outcome);
}

/* A list may be somebody else's, and lead wherever its author likes. Who names the DNS server vouches for its answers.
 */
static bool is_foreign(const settings *s, const base_operands *operands)
{
    for (size_t i = 0; i < operands->count; i++)
        if (batch_targets_is_list(operands->items[i]))
            return s->wire.dns_servers == NULL;
    return false;
}

/* -- The run ------------------------------------------------------------------------------------------------------- */

/* What must be the same for the lines of two runs to belong together. */
static void write_identity(const settings *s, char text[IDENTITY_MAX])
{
    int length = snprintf(text, IDENTITY_MAX, "holdfast %s --depth %s%s", hf_version(),
                          facts_depth_name(s->batch.depth), s->jsonl ? " --jsonl" : "");

    if (s->common.at != HF_TIME_UNKNOWN)
        snprintf(text + length, IDENTITY_MAX - (size_t)length, " --at %" PRId64, s->common.at);
}

/* On standard error: what keeps the processes that touch hosts from doing more is not all there. */
static void tell_sandbox(const batch_options *options)
{
    base_sandbox sandbox = batch_worker_sandbox(options);

    base_sandbox_explain(base_sandbox_lacks(&sandbox), stderr);
}

static int run(void *storage, const base_operands *operands)
{
    settings *s = storage;
    report_line_form form = {.json = s->jsonl || s->common.json, .colored = is_colored(s)};
    batch_hooks hooks = {.self = &form, .judge = judge, .refuse = refuse};
    char identity[IDENTITY_MAX];
    batch_outcome outcome;

    if (!check_settings(s, operands) || !check_route(s) || !check_files(s, operands))
        return BASE_EXIT_USAGE;
    if (s->batch.jobs == 0)
        s->batch.jobs = processors();
    if (s->batch.jobs > s->batch.concurrency)
        s->batch.jobs = s->batch.concurrency;
    s->wire.timeout = (s->batch.total + 999) / 1000;
    if (!s->wire.with_private && is_foreign(s, operands))
        s->wire.no_private = true;
    write_identity(s, identity);
    s->batch.transport = &s->wire;
    s->batch.now = s->common.at;
    s->batch.identity = identity;
    s->batch.form = (batch_output_form){"", "", "\n"};
    if (s->common.json) {
        s->batch.form = (batch_output_form){"{\"hosts\":[\n", ",\n", ""};
        hooks.finish = finish_document;
    }
    if (s->common.verbose)
        tell_sandbox(&s->batch);
    batch_run(&s->batch, &hooks, operands, &outcome);
    tell(s, &outcome);
    return outcome.code;
}

/* -- Options ------------------------------------------------------------------------------------------------------- */

static bool read_number(const char *text, int64_t low, int64_t high, int64_t *number, base_error *error)
{
    bool is_number = strlen(text) <= 9 && *text != '\0' && strspn(text, "0123456789") == strlen(text);
    int64_t value = is_number ? strtol(text, NULL, 10) : -1;

    if (value < low || value > high) {
        base_error_set(error, "'%s' is not a number from %lld to %lld", BASE_CUT(text), (long long)low,
                       (long long)high);
        return false;
    }
    *number = value;
    return true;
}

static bool read_concurrency(const char *text, void *target, base_error *error)
{
    return read_number(text, 1, BATCH_CONCURRENCY_MAX, target, error);
}

static bool read_limit(const char *text, void *target, base_error *error)
{
    return read_number(text, 0, BATCH_CONCURRENCY_MAX, target, error);
}

static bool read_retries(const char *text, void *target, base_error *error)
{
    return read_number(text, 0, RETRIES_MAX, target, error);
}

static bool read_jobs(const char *text, void *target, base_error *error)
{
    return read_number(text, 1, BATCH_JOBS_MAX, target, error);
}

static bool read_rate(const char *text, void *target, base_error *error)
{
    double *rate = target;
    char *end;

    *rate = strtod(text, &end);
    if (end != text && *end == '\0' && strspn(text, "0123456789.") == strlen(text) && *rate >= 0.001 && *rate <= 1e6)
        return true;
    base_error_set(error, "'%s' is not a number of hosts a second, from 0.001 to 1000000", BASE_CUT(text));
    return false;
}

/* "250ms", or what base_read_duration reads; *target is in milliseconds. */
static bool read_milliseconds(const char *text, void *target, base_error *error)
{
    int64_t *milliseconds = target, seconds;
    size_t digits = strspn(text, "0123456789");

    if (digits > 0 && digits <= 9 && strcmp(text + digits, "ms") == 0) {
        *milliseconds = strtol(text, NULL, 10);
        return true;
    }
    if (!base_read_duration(text, &seconds, error))
        return false;
    *milliseconds = seconds < TIMEOUT_MAX / 1000 ? seconds * 1000 : TIMEOUT_MAX;
    return true;
}

static bool read_timeout(const char *text, void *target, base_error *error)
{
    int64_t *milliseconds = target;

    if (!read_milliseconds(text, target, error))
        return false;
    if (*milliseconds > 0)
        return true;
    base_error_set(error, "a timeout of 0 leaves no time to look");
    return false;
}

static bool read_depth(const char *text, void *target, base_error *error)
{
    return facts_depth_parse(text, FACTS_DEPTH_FIELD, target, error);
}

#define OPTION(name, value, text, read, member)                                                                        \
    {                                                                                                                  \
        name, 0, value, text, read, offsetof(settings, member)                                                         \
    }

static const base_option options[] = {
    OPTION("jsonl", NULL, "print a JSON document a line, as hosts are done", NULL, jsonl),
    OPTION("depth", "DEPTH", "how much is checked: field (the default), standard, full", read_depth, batch.depth),
    OPTION("concurrency", "N", "at most N hosts at once, 256 by default", read_concurrency, batch.concurrency),
    OPTION("rate", "N", "begin at most N hosts a second", read_rate, batch.rate),
    OPTION("per-domain", "N", "at most N hosts at once of one registrable domain, 4 by default; 0: any number",
           read_limit, batch.per_domain),
    OPTION("per-address", "N", "at most N hosts at once at one IP address, 16 by default; 0: any number", read_limit,
           batch.per_address),
    OPTION("pause", "DURATION", "the least time between two hosts of one domain, and at one address", read_milliseconds,
           batch.pause),
    OPTION("retries", "N", "try again up to N times what may pass, 1 by default", read_retries, batch.retries),
    OPTION("timeout", "DURATION", "the most that one host may take, 30s by default", read_timeout, batch.total),
    OPTION("timeout-resolve", "DURATION", "of it, for finding the addresses", read_timeout, batch.find),
    OPTION("timeout-connect", "DURATION", "of it, for each address", read_timeout, batch.connect),
    OPTION("timeout-tls", "DURATION", "of it, for each TLS handshake", read_timeout, batch.tls),
    OPTION("timeout-response", "DURATION", "of it, for each response", read_timeout, batch.response),
    OPTION("jobs", "N", "use N processes; as many as there are processors by default", read_jobs, batch.jobs),
    OPTION("output", "FILE", "write to FILE instead of standard output", base_read_text, batch.output),
    OPTION("resume", "STATE", "keep in STATE how far the run has come, and go on from there", base_read_text,
           batch.resume),
    HTTP_TRANSPORT_OPTIONS(settings),
    HTTP_TRUST_OPTIONS(settings),
    {0},
};

static const settings defaults = {.wire = {.tells_roots = true},
                                  .batch = {.depth = FACTS_DEPTH_FIELD,
                                            .total = HTTP_TIMEOUT_DEFAULT * 1000,
                                            .concurrency = CONCURRENCY,
                                            .per_domain = PER_DOMAIN,
                                            .per_address = PER_ADDRESS,
                                            .retries = RETRIES}};

const cmd_command cmd_probe = {
    .name = "probe",
    .summary = "looks at any number of hosts, and writes a line of facts for each",
    .usage = "[options] -|FILE|HOST[:PORT]...",
    .common = CMD_JSON | CMD_AT | CMD_QUIET | CMD_VERBOSE,
    .options = options,
    .settings_size = sizeof(settings),
    .defaults = &defaults,
    .run = run,
};
