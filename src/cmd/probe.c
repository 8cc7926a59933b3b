/*
 * holdfast probe [-|FILE|HOST...]: touches any number of hosts, politely and fast, and writes a line of facts for each.
 */
#include "agent/verdict.h"
#include "base/hash.h"
#include "batch/batch.h"
#include "batch/schedule.h"
#include "batch/targets.h"
#include "batch/worker.h"
#include "cmd/check_lists.h"
#include "cmd/command.h"
#include "cmd/fail_on.h"
#include "cmd/hosts.h"
#include "report/census.h"
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
#define HEAD_MAX 8192

/* What CSV and tables have where no fields are named. */
#define CSV_FIELDS                                                                                                     \
    "index,host,port,address,failure.code,status,sts.value,sts.valid,sts.max_age,sts.include_subdomains,sts.preload,"  \
    "sts.in_force,tls.version,tls.not_after,tls.errors"
#define CSV_JUDGED ",verdict.harm,verdict.policy,verdict.first_visit,verdict.later_visit,findings.id"
#define TABLE_FIELDS "host,status,tls.version,tls.not_after,sts.value,failure.code"
#define TABLE_JUDGED "host,verdict.harm,verdict.policy,verdict.certificate_until,findings.id"
#define AGENT_MAX 256

typedef struct settings {
    cmd_common common;
    bool jsonl, judge;
    report_line_style style; /* of --format, if has_format */
    bool has_format;
    report_fields fields;
    const char *fields_text;
    cmd_fail_on fail_on;
    preload_lists_options lists;
    http_transport_options wire;
    batch_options batch;
} settings;

/* What the callbacks of a run share. */
typedef struct probing {
    const settings *settings;
    report_line_form form;
    preload_lists lists;
    finding_census census;
    base_buffer head; /* of CSV or a table */
} probing;

static bool check_settings(const settings *s, const base_operands *operands)
{
    if (operands->count == 0)
        cmd_refuse("probe: nothing to probe: give a HOST, a FILE with a host a line, or - for standard input");
    else if (s->common.json && s->jsonl)
        cmd_refuse("probe: --json and --jsonl contradict each other");
    else if (s->has_format && (s->common.json || (s->jsonl && s->style != REPORT_LINE_JSON)))
        cmd_refuse("probe: --%s and --format contradict each other", s->common.json ? "json" : "jsonl");
    else if (s->fail_on.given && !s->judge && s->batch.depth == FACTS_DEPTH_FIELD)
        cmd_refuse("probe: --fail-on needs findings: --judge, or --depth standard or full");
    else if (!s->judge && report_fields_have(&s->fields, "verdict"))
        cmd_refuse("probe: --fields verdict needs --judge");
    else if (!s->judge && s->batch.depth == FACTS_DEPTH_FIELD && report_fields_have(&s->fields, "findings"))
        cmd_refuse("probe: --fields findings needs --judge, or --depth standard or full");
    else if (s->lists.image != NULL && s->lists.none)
        cmd_refuse("probe: --preload and --no-preload contradict each other");
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

static void judge_site(probing *p, const facts_probed *probed, finding_judgement *judgement)
{
    facts_site *site = probed->site;
    agent_judging judging = {.now = probed->now};

    if (p->settings->judge) {
        cmd_check_lists(&p->lists, probed->now, site);
        judging.preload = p->lists.image;
        judging.floor = p->lists.floor;
    }
    agent_judge_seen(&judging, site);
    rule_judge(site, probed->now, &site->arena, judgement);
}

static void count_host(const facts_site *site, const finding_judgement *judgement, base_buffer *note)
{
    finding_counted counted;

    if (site != NULL)
        finding_count_site(site, judgement, &counted);
    else
        finding_count_unseen(&counted);
    base_buffer_append(note, (const char *)&counted, sizeof counted);
}

/* At depth field the verdict can say that nobody gets in where no finding says why. */
static bool is_closed(const probing *p, const facts_site *site, const finding_judgement *judgement)
{
    const finding *worst;

    return p->settings->judge && cmd_fail_on_minds(&p->settings->fail_on, HF_SEVERITY_ERROR) &&
           finding_harm_of(site, judgement, &worst) == FINDING_HARM_EVERYBODY;
}

static void judge(void *self, const facts_probed *probed, batch_result *result, base_buffer *line, base_buffer *note)
{
    probing *p = self;
    const facts_sts_field sts = rule_sts_field(probed->host, probed->https, probed->now, NULL);
    report_probed item = {.probed = probed, .sts = &sts, .with_verdict = p->settings->judge};
    finding_judgement judgement;

    result->in_force = sts.in_force;
    if (probed->site != NULL) {
        judge_site(p, probed, &judgement);
        result->partly = probed->depth > FACTS_DEPTH_FIELD && !probed->site->verdict.complete;
        result->failing =
            (p->settings->judge || p->settings->fail_on.given) &&
            (cmd_fail_on_meets(&p->settings->fail_on, &judgement.findings) || is_closed(p, probed->site, &judgement));
        result->errors = (uint32_t)finding_count(&judgement.findings, HF_SEVERITY_ERROR);
        result->warnings = (uint32_t)finding_count(&judgement.findings, HF_SEVERITY_WARNING);
        item.judgement = &judgement;
    }
    if (p->settings->judge)
        count_host(probed->site, &judgement, note);
    report_probe_line(&p->form, &item, line);
}

static void refuse(void *self, const facts_refused *refused, base_buffer *line)
{
    const probing *p = self;

    report_refused_line(&p->form, refused, line);
}

static void count(void *self, const char *note, size_t length)
{
    probing *p = self;
    finding_counted counted;

    if (length != sizeof counted)
        return;
    memcpy(&counted, note, sizeof counted);
    finding_census_add(&p->census, &counted);
}

static void write_summary(probing *p, const facts_tally *tally, const facts_cost *cost, base_buffer *out)
{
    base_json json;

    finding_census_close(&p->census);
    base_buffer_text(out, "\"summary\":");
    base_json_init(&json, out, false);
    report_tally_json(tally, p->settings->judge ? &p->census : NULL, cost, &json);
    base_buffer_text(out, "}\n");
}

/* The end of the one document of --json. */
static void finish_document(void *self, const facts_tally *tally, const facts_cost *cost, base_buffer *out)
{
    base_buffer_text(out, "\n],");
    write_summary(self, tally, cost, out);
}

/* The last line of --jsonl. */
static void finish_lines(void *self, const facts_tally *tally, const facts_cost *cost, base_buffer *out)
{
    base_buffer_char(out, '{');
    write_summary(self, tally, cost, out);
}

static void finish_census(void *self, const facts_tally *tally, const facts_cost *cost, base_buffer *out)
{
    (void)tally;
    (void)cost;
    (void)out;
    finding_census_close(&((probing *)self)->census);
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

static void tell(const probing *p, batch_outcome *outcome)
{
    const settings *s = p->settings;
    base_error hint;
    base_term term;

    if (outcome->complete) {
        base_error_set(&hint, "probe: --resume: the run of %s is complete: remove it to begin anew", s->batch.resume);
        base_error_print(&hint, stderr);
    }
    if (outcome->went_through && !s->common.quiet) {
        base_term_init(&term, stderr, s->common.color);
        report_tally_text(&outcome->tally, &outcome->cost, &term);
        if (s->judge && p->census.hosts > 0)
            report_census_text(&p->census, outcome->tally.hosts, &term);
    }
    if (outcome->failed) {
        base_error_wrap(&outcome->error, "probe");
        base_error_print(&outcome->error, stderr);
    }
    if (outcome->resumable || (outcome->stopped && !outcome->failed))
        say_how_to_continue(s, outcome);
}

/* -- The run ------------------------------------------------------------------------------------------------------- */

/* What must be the same for the lines of two runs to belong together. */
static void write_identity(const probing *p, char text[IDENTITY_MAX])
{
    static const char *const styles[] = {"", " --jsonl", " --format csv", " --format table"};
    const settings *s = p->settings;
    int length = snprintf(text, IDENTITY_MAX, "holdfast %s --depth %s%s%s", hf_version(),
                          facts_depth_name(s->batch.depth), styles[p->form.style], s->judge ? " --judge" : "");

    if (s->fields_text != NULL)
        length += snprintf(text + length, IDENTITY_MAX - (size_t)length, " --fields %016" PRIx64,
                           base_hash(BASE_HASH_START, s->fields_text, strlen(s->fields_text)));
    if (s->fail_on.given)
        length += snprintf(text + length, IDENTITY_MAX - (size_t)length, " --fail-on %016" PRIx64,
                           cmd_fail_on_hash(&s->fail_on));
    if (s->common.at != HF_TIME_UNKNOWN)
        snprintf(text + length, IDENTITY_MAX - (size_t)length, " --at %" PRId64, s->common.at);
}

/* A browser's, with our name behind it as Edge has its own: what reads a browser's name out of it finds that, and who
   reads the log of a server finds us. */
static void name_ourselves(http_as_browser *with, char agent[AGENT_MAX])
{
    if (with->user_agent != NULL)
        return;
    snprintf(agent, AGENT_MAX, "%s holdfast/%s", http_browser_agent, hf_version());
    with->user_agent = agent;
}

/* On standard error: what keeps the processes that touch hosts from doing more is not all there. */
static void tell_sandbox(const batch_options *options)
{
    base_sandbox sandbox = batch_worker_sandbox(options);

    base_sandbox_explain(base_sandbox_lacks(&sandbox), stderr);
}

/* Where fields are named and no format, they are columns of a table. */
static void set_form(probing *p)
{
    const settings *s = p->settings;
    report_line_form *form = &p->form;
    base_term term;

    *form = (report_line_form){.style = s->style, .colored = is_colored(s), .fields = s->fields};
    if (s->jsonl || s->common.json)
        form->style = REPORT_LINE_JSON;
    else if (!s->has_format && s->fields.count > 0)
        form->style = REPORT_LINE_TABLE;
    if (form->style == REPORT_LINE_TEXT || form->style == REPORT_LINE_JSON)
        return;
    if (form->fields.count == 0 && form->style == REPORT_LINE_CSV)
        report_fields_read(&form->fields,
                           s->judge ? CSV_FIELDS CSV_JUDGED ",error.message" : CSV_FIELDS ",error.message", NULL);
    else if (form->fields.count == 0)
        report_fields_read(&form->fields, s->judge ? TABLE_JUDGED : TABLE_FIELDS, NULL);
    base_term_init(&term, stdout, s->common.color);
    report_line_fit(form, term.width);
    report_line_head(form, &p->head);
}

static void set_output(probing *p, settings *s, batch_hooks *hooks)
{
    s->batch.form = (batch_output_form){base_buffer_string(&p->head), "", p->form.style == REPORT_LINE_CSV ? "" : "\n"};
    if (s->common.json) {
        s->batch.form = (batch_output_form){"{\"hosts\":[\n", ",\n", ""};
        hooks->finish = finish_document;
    } else if (s->judge) {
        hooks->finish = p->form.style == REPORT_LINE_JSON ? finish_lines : finish_census;
    }
    if (s->judge)
        hooks->count = count;
}

static void run_batch(probing *p, settings *s, const base_operands *operands, batch_outcome *outcome)
{
    batch_hooks hooks = {.self = p, .judge = judge, .refuse = refuse};
    char identity[IDENTITY_MAX], agent[AGENT_MAX];

    if (s->batch.jobs == 0)
        s->batch.jobs = processors();
    if (s->batch.jobs > s->batch.concurrency)
        s->batch.jobs = s->batch.concurrency;
    s->wire.timeout = (s->batch.total + 999) / 1000;
    if (!s->wire.with_private && cmd_hosts_are_foreign(operands, &s->wire))
        s->wire.no_private = true;
    write_identity(p, identity);
    name_ourselves(&s->wire.as_browser, agent);
    s->batch.transport = &s->wire;
    s->batch.now = s->common.at;
    s->batch.judged = s->judge;
    s->batch.identity = identity;
    set_output(p, s, &hooks);
    if (s->common.verbose)
        tell_sandbox(&s->batch);
    batch_run(&s->batch, &hooks, operands, outcome);
}

static int run(void *storage, const base_operands *operands)
{
    settings *s = storage;
    probing *p;
    batch_outcome outcome;
    base_error error;

    if (!check_settings(s, operands) || !check_route(s) || !check_files(s, operands))
        return BASE_EXIT_USAGE;
    p = base_allocate(sizeof *p);
    p->settings = s;
    if (s->judge && !preload_lists_open(&p->lists, &s->lists, cmd_now(&s->common), &error)) {
        free(p);
        return cmd_refuse("probe: --preload: %s", error.text);
    }
    finding_census_init(&p->census, cmd_check_list_names, s->lists.none ? 0 : PRELOAD_WHICHES);
    base_buffer_init(&p->head, HEAD_MAX);
    set_form(p);
    run_batch(p, s, operands, &outcome);
    tell(p, &outcome);
    finding_census_done(&p->census);
    base_buffer_done(&p->head);
    if (s->judge)
        preload_lists_close(&p->lists);
    free(p);
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

static bool read_fields(const char *text, void *target, base_error *error)
{
    settings *s = (settings *)((char *)target - offsetof(settings, fields));

    s->fields_text = text;
    return report_fields_read(&s->fields, text, error);
}

static bool read_format(const char *text, void *target, base_error *error)
{
    static const struct {
        const char *name;
        report_line_style style;
    } formats[] = {{"table", REPORT_LINE_TABLE}, {"jsonl", REPORT_LINE_JSON}, {"csv", REPORT_LINE_CSV}};
    settings *s = (settings *)((char *)target - offsetof(settings, style));

    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (strcmp(formats[i].name, text) == 0) {
            s->style = formats[i].style;
            s->has_format = true;
            return true;
        }
    base_error_set(error, "unknown format '%s' (one of table jsonl csv)", BASE_CUT(text));
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
    OPTION("format", "FORMAT", "how lines are written: one of table jsonl csv", read_format, style),
    OPTION("fields", "NAME,...", "only these fields of the lines, by their dotted names: host,sts.max_age", read_fields,
           fields),
    OPTION("judge", NULL, "judge each host: findings and verdict; and sum them up", NULL, judge),
    OPTION("fail-on", "WHAT",
           "exit with 1 on: error (with --judge the default), warning, info, never, or ids of findings",
           cmd_fail_on_read, fail_on),
    PRELOAD_LISTS_OPTIONS(settings),
    OPTION("depth", "DEPTH", "how much is checked: field (the default), standard, full", read_depth, batch.depth),
    OPTION("column", "NAME", "the column of CSV lists that has the hosts; else the first, or one headed host",
           base_read_text, batch.column),
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

static const settings defaults = {.lists = PRELOAD_LISTS_DEFAULTS,
                                  .wire = {.tells_roots = true},
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
