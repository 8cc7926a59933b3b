/*
 * holdfast probe [-|FILE|HOST...]: touches any number of hosts, politely and fast, and writes a line of facts for each.
 */
#include "cmd/probe.h"

#include "batch/schedule.h"
#include "cmd/commands.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CONCURRENCY 256
#define PER_DOMAIN 4
#define PER_ADDRESS 16
#define RETRIES 1
#define RETRIES_MAX 100
#define TIMEOUT_MAX INT64_C(86400000) /* milliseconds: longer is never */

static bool check_settings(const cmd_probe_settings *s, const base_operands *operands)
{
    if (operands->count == 0)
        cmd_refuse("probe: nothing to probe: give a HOST, a FILE with a host a line, or - for standard input");
    else if (s->common.json && s->jsonl)
        cmd_refuse("probe: --json and --jsonl contradict each other");
    else if (s->resume != NULL && s->output == NULL)
        cmd_refuse("probe: --resume needs --output FILE: what was printed cannot be taken back");
    else if (s->resume != NULL && s->common.json)
        cmd_refuse("probe: --resume goes on with lines, not with one document: --jsonl");
    else
        return true;
    return false;
}

/* Each process makes its own; here it is only seen whether it can be made. */
static bool check_route(const cmd_probe_settings *s)
{
    base_error error;
    http_route *route = http_transport_route(&s->wire, &error);

    if (route == NULL)
        cmd_refuse("probe: %s", error.text);
    http_route_free(route);
    return route != NULL;
}

/* So many processes as this one may use processors. They are started only when there is work for them. */
static int64_t processors(void)
{
    long count = sysconf(_SC_NPROCESSORS_ONLN);

    return count < 1 ? 1 : count > CMD_PROBE_JOBS_MAX ? CMD_PROBE_JOBS_MAX : count;
}

static bool is_colored(const cmd_probe_settings *s)
{
    base_term term;

    base_term_init(&term, stdout, s->common.color);
    return term.colored && (s->output == NULL || s->common.color == BASE_COLOR_ALWAYS);
}

static int run(void *storage, const base_operands *operands)
{
    cmd_probe_settings *s = storage;
    cmd_probe_form form = {.json = s->jsonl || s->common.json, .colored = is_colored(s)};

    if (!check_settings(s, operands) || !check_route(s))
        return CMD_USAGE;
    if (s->jobs == 0)
        s->jobs = processors();
    if (s->jobs > s->concurrency)
        s->jobs = s->concurrency;
    s->wire.timeout = (s->total + 999) / 1000;
    return cmd_probe_run(s, &form, operands);
}

/* -- Options ------------------------------------------------------------------------------------------------------------------- */

static bool read_number(const char *text, int64_t low, int64_t high, int64_t *number, base_error *error)
{
    bool is_number = strlen(text) <= 9 && *text != '\0' && strspn(text, "0123456789") == strlen(text);
    int64_t value = is_number ? strtol(text, NULL, 10) : -1;

    if (value < low || value > high) {
        base_error_set(error, "'%s' is no number from %lld to %lld", BASE_CUT(text), (long long)low, (long long)high);
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
    return read_number(text, 1, CMD_PROBE_JOBS_MAX, target, error);
}

static bool read_rate(const char *text, void *target, base_error *error)
{
    double *rate = target;
    char *end;

    *rate = strtod(text, &end);
    if (end != text && *end == '\0' && strspn(text, "0123456789.") == strlen(text) && *rate >= 0.001 && *rate <= 1e6)
        return true;
    base_error_set(error, "'%s' is no number of hosts a second, from 0.001 to 1000000", BASE_CUT(text));
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
        name, 0, value, text, read, offsetof(cmd_probe_settings, member)                                               \
    }

static const base_option options[] = {
    OPTION("jsonl", NULL, "print a JSON document a line, as hosts are done", NULL, jsonl),
    OPTION("depth", "DEPTH", "how much is looked at: field (the default), standard, full", read_depth, depth),
    OPTION("concurrency", "N", "at most N hosts at once, 256 by default", read_concurrency, concurrency),
    OPTION("rate", "N", "begin at most N hosts a second", read_rate, rate),
    OPTION("per-domain", "N", "at most N hosts at once of one registrable domain, 4 by default; 0: any number",
           read_limit, per_domain),
    OPTION("per-address", "N", "at most N hosts at once at one IP address, 16 by default; 0: any number", read_limit,
           per_address),
    OPTION("pause", "DURATION", "the least time between two hosts of one domain, and at one address", read_milliseconds,
           pause),
    OPTION("retries", "N", "try again up to N times what may pass, 1 by default", read_retries, retries),
    OPTION("timeout", "DURATION", "the most that one host may take, 30s by default", read_timeout, total),
    OPTION("timeout-resolve", "DURATION", "of it, for finding the addresses", read_timeout, find),
    OPTION("timeout-connect", "DURATION", "of it, for each address", read_timeout, connect),
    OPTION("timeout-tls", "DURATION", "of it, for each TLS handshake", read_timeout, tls),
    OPTION("timeout-response", "DURATION", "of it, for each response", read_timeout, response),
    OPTION("jobs", "N", "use N processes; as many as there are processors by default", read_jobs, jobs),
    OPTION("output", "FILE", "write to FILE instead of standard output", base_read_text, output),
    OPTION("resume", "STATE", "keep in STATE how far the run has come, and go on from there", base_read_text, resume),
    HTTP_TRANSPORT_OPTIONS(cmd_probe_settings),
    HTTP_TRUST_OPTIONS(cmd_probe_settings),
    {0},
};

static const cmd_probe_settings defaults = {.wire = {.tells_roots = true},
                                            .depth = FACTS_DEPTH_FIELD,
                                            .total = HTTP_TIMEOUT_DEFAULT * 1000,
                                            .concurrency = CONCURRENCY,
                                            .per_domain = PER_DOMAIN,
                                            .per_address = PER_ADDRESS,
                                            .retries = RETRIES};

const cmd_command cmd_probe = {
    .name = "probe",
    .summary = "looks at any number of hosts, and writes a line of facts for each",
    .usage = "[options] -|FILE|HOST[:PORT]...",
    .common = CMD_JSON | CMD_AT | CMD_QUIET,
    .options = options,
    .settings_size = sizeof(cmd_probe_settings),
    .defaults = &defaults,
    .run = run,
};
